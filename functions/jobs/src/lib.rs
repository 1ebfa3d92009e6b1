//! Scheduled work. A job can run twice at once or late: it decides by the rows it finds, not by the time it was started.
//!
//! ```text
//! every minute   photos: expire tickets, time out, purge | holds: expire | orders, recharges: close unpaid | coupons: expire
//!                payments, refunds, invoices: poll the providers, with growing delays
//!                accounts: delete those whose owners asked for it a week ago
//! every night    {"job": "check-ledger"}: invariants I1 to I5 over all wallets; reports, repairs nothing
//!                {"job": "check-audit"}: the chains of the audit log that grew lately; by hand: `infra/operate check-audit`
//! ```

mod run;

use std::sync::Arc;

use app::accounts::AccountClosures;
use app::audit;
use app::due;
use app::failure::Failure;
use app::invoices::{self, InvoiceService};
use app::objects::Objects;
use app::payments::PaymentService;
use app::photos::Photos;
use app::wallet::check;
use domain::china_time;
use jiff::ToSpan;
use serde_json::{Value, json};

pub use run::run;

/// The nightly audit check reads the chains that grew in this many days.
const AUDIT_DAYS: i64 = 31;

/// The use cases that the jobs call.
#[derive(Debug, Clone)]
pub struct Jobs {
    payments: PaymentService,
    photos: Photos,
    closures: AccountClosures,
    invoicing: InvoiceService,
}

impl Jobs {
    /// Jobs on the store, clock and random numbers of the payment service.
    pub fn new(payments: PaymentService, invoicing: InvoiceService, objects: Arc<dyn Objects>) -> Self {
        let photos = app::wallet::photo_service(payments.money.clone(), objects);
        let money = &payments.money;
        let (store, clock, random) = (money.store.clone(), money.clock.clone(), money.random.clone());
        Self { closures: AccountClosures { store, clock, random }, payments, photos, invoicing }
    }

    /// Runs the job that the event names, by default the due work, and returns its report.
    ///
    /// # Errors
    ///
    /// [`Failure`] if a task as a whole or a check failed. The function then fails, which raises its alarm.
    pub async fn run(&self, event: &Value) -> Result<Value, Failure> {
        self.payments.money.clock.synchronise().await;
        match event.get("job").and_then(Value::as_str) {
            Some("check-ledger") => self.check_ledger().await,
            Some("check-audit") => self.check_audit().await,
            _ => self.process_due().await,
        }
    }

    /// Runs every task. A task that fails does not keep the next one from running.
    async fn process_due(&self) -> Result<Value, Failure> {
        let mut done = serde_json::Map::new();
        let mut failure = None;
        match self.photos.process_due().await {
            Ok(report) => tracing::info!(?report, "due photos processed"),
            Err(cause) => failure = Some(cause),
        }
        let mut results = due::process_due(&self.payments).await.to_vec();
        results.push(("invoices", invoices::process_due(&self.invoicing).await));
        for (task, result) in results {
            match result {
                Ok(report) => {
                    done.insert(task.to_owned(), json!(report));
                }
                Err(cause) => failure = Some(cause),
            }
        }
        match self.closures.close_due().await {
            Ok(closed) => {
                done.insert("accounts".to_owned(), json!(closed));
            }
            Err(cause) => failure = Some(cause),
        }
        let done = Value::Object(done);
        tracing::info!(%done, "due work processed");
        failure.map_or(Ok(done), Err)
    }

    async fn check_ledger(&self) -> Result<Value, Failure> {
        let report = check::check(&*self.payments.money.store).await?;
        for difference in &report.differences {
            tracing::error!(
                owner = difference.owner,
                invariant = difference.invariant,
                found = difference.found,
                "ledger invariant violated"
            );
        }
        if !report.differences.is_empty() {
            return Err(Failure::Internal(format!("{} differences in the ledger", report.differences.len())));
        }
        serde_json::to_value(&report).map_err(Failure::internal)
    }

    async fn check_audit(&self) -> Result<Value, Failure> {
        let money = &self.payments.money;
        let today = china_time::local(money.clock.now()).date();
        let from = today.checked_sub(AUDIT_DAYS.days()).map_err(Failure::internal)?;
        let report = audit::check(&*money.store, from, today).await?;
        for chain in &report.broken {
            tracing::error!(subject = chain.subject, entry = chain.entry, "audit chain broken");
        }
        if !report.broken.is_empty() {
            return Err(Failure::Internal(format!("{} broken chains in the audit log", report.broken.len())));
        }
        serde_json::to_value(&report).map_err(Failure::internal)
    }
}
