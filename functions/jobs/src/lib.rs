//! What falls due by the clock. Every job may run twice, at once, or late: what it finds decides, not when it came.
//!
//! ```text
//! every minute   photos: lapse tickets, time out, purge | holds: release | orders, recharges: close | coupons: expire
//!                accounts: close those whose owners wished it a week ago
//!                payments, refunds, invoices: ask the provider, further and further apart
//! every night    {"job": "check-books"}: I1 to I5 over all wallets; reports, repairs nothing
//!                {"job": "check-audit"}: the chains of the audit log that grew lately; `infra/operate check-audit` does so by hand
//! ```

mod run;

use std::sync::Arc;

use app::accounts::AccountClosures;
use app::audit;
use app::failure::Failure;
use app::invoices::{self, InvoiceService};
use app::objects::Objects;
use app::payments::PaymentService;
use app::payments::sweep::{self, Swept};
use app::photos::Photos;
use app::wallet::check;
use domain::china_time;
use jiff::ToSpan;
use serde_json::{Value, json};

pub use run::run;

/// The nightly check reads the chains that grew in so many days.
const AUDIT_DAYS: i64 = 31;

#[derive(Debug, Clone)]
pub struct Jobs {
    payments: PaymentService,
    photos: Photos,
    closures: AccountClosures,
    invoicing: InvoiceService,
}

impl Jobs {
    pub fn new(payments: PaymentService, invoicing: InvoiceService, objects: Arc<dyn Objects>) -> Self {
        let photos = app::wallet::photo_service(payments.money.clone(), objects);
        let money = &payments.money;
        let (store, clock, random) = (money.store.clone(), money.clock.clone(), money.random.clone());
        Self { closures: AccountClosures { store, clock, random }, payments, photos, invoicing }
    }

    /// Answers what was done. A failure of the whole job is one of the function, and raises its alarm.
    pub async fn run(&self, event: &Value) -> Result<Value, Failure> {
        self.payments.money.clock.synchronise().await;
        match event.get("job").and_then(Value::as_str) {
            Some("check-books") => self.check_books().await,
            Some("check-audit") => self.check_audit().await,
            _ => self.sweep().await,
        }
    }

    /// One chore that fails does not keep the others from running.
    async fn sweep(&self) -> Result<Value, Failure> {
        let money = &self.payments.money;
        let photos = self.photos.process_due().await;
        let chores: [(&str, Result<Swept, Failure>); 5] = [
            ("holds", sweep::release_holds(money).await),
            ("coupons", sweep::expire_coupons(money).await),
            ("payments", sweep::ask_providers(&self.payments).await),
            ("unpaid", sweep::close_unpaid(&self.payments).await),
            ("invoices", invoices::process_due(&self.invoicing).await),
        ];
        let mut done = serde_json::Map::new();
        let mut failure = None;
        match photos {
            Ok(swept) => tracing::info!(?swept, "photos"),
            Err(cause) => failure = Some(cause),
        }
        for (name, outcome) in chores {
            match outcome {
                Ok(swept) => {
                    done.insert(name.to_owned(), json!(swept));
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
        tracing::info!(%done, "swept");
        failure.map_or(Ok(done), Err)
    }

    async fn check_books(&self) -> Result<Value, Failure> {
        let report = check::check(&*self.payments.money.store).await?;
        for difference in &report.differences {
            tracing::error!(
                owner = difference.owner,
                promise = difference.promise,
                found = difference.found,
                "books differ"
            );
        }
        if !report.differences.is_empty() {
            return Err(Failure::Internal(format!("{} differences in the books", report.differences.len())));
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
