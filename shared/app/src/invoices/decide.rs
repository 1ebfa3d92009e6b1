//! The decisions of staff: approve or reject an application, and reverse an issued document.

use domain::Refused;
use domain::invoice::Invoice;
use domain::money::number::Number;
use jiff::Timestamp;
use serde_json::json;

use super::{InvoiceService, progress, refused};
use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;

/// The decision on an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// The document is requested from the provider.
    Approve,
    /// The application fails. The reason is shown to the customer.
    Reject,
}

/// Decides on the application `no` (IC-183). After an approval the request is sent to the provider at once; if the
/// provider does not answer, the due work repeats it later.
///
/// # Errors
///
/// - `NotFound` if there is no such invoice.
/// - `Conflict` with `invoice-not-decidable`, or with `own-invoice` if `by` applied for it.
/// - `KeyReused` if the idempotency key was used with another request; `Unavailable` or `Internal` from the store.
pub async fn decide(
    invoicing: &InvoiceService,
    by: &AuditActor,
    no: &Number,
    decision: Decision,
    why: &Reason,
    command: &Command,
) -> Result<Invoice, Failure> {
    let decided = match decision {
        Decision::Approve => {
            let action = StaffAction { by, what: "invoice-approve", why, command };
            action.execute(invoicing, no, |invoice, now| invoice.approve(by.id.clone(), now)).await?
        }
        Decision::Reject => {
            let action = StaffAction { by, what: "invoice-reject", why, command };
            action
                .execute(invoicing, no, |invoice, now| invoice.reject(why.as_str().to_owned(), by.id.clone(), now))
                .await?
        }
    };
    send_request(invoicing, decided).await
}

/// 冲红: requests the reversal of the issued document of invoice `no`. Its orders are released when the provider has
/// reversed it.
///
/// # Errors
///
/// - `NotFound` if there is no such invoice.
/// - `Conflict` with `invoice-not-reversible`, or with `own-invoice` if `by` applied for it.
/// - `KeyReused` if the idempotency key was used with another request; `Unavailable` or `Internal` from the store.
pub async fn reverse(
    invoicing: &InvoiceService,
    by: &AuditActor,
    no: &Number,
    why: &Reason,
    command: &Command,
) -> Result<Invoice, Failure> {
    let action = StaffAction { by, what: "invoice-reverse", why, command };
    let reverse = |invoice: Invoice, now| invoice.reverse(why.as_str().to_owned(), by.id.clone(), now);
    send_request(invoicing, action.execute(invoicing, no, reverse).await?).await
}

struct StaffAction<'a> {
    by: &'a AuditActor,
    what: &'static str,
    why: &'a Reason,
    command: &'a Command,
}

impl StaffAction<'_> {
    /// Writes the changed invoice, its audit entry and the e-mail to the customer in one commit.
    async fn execute(
        &self,
        invoicing: &InvoiceService,
        no: &Number,
        event: impl Fn(Invoice, Timestamp) -> Result<Invoice, Refused> + Send + Sync,
    ) -> Result<Invoice, Failure> {
        let money = &invoicing.money;
        let mut backoff = Backoff::default();
        loop {
            let now = money.clock.now();
            if let Some(done) = self.command.response::<Invoice>(&*money.store, now).await? {
                return Ok(done);
            }
            let row = super::read::not_deleted(super::read::find_by_number(&*money.store, no).await?)?;
            // Staff must not decide on their own applications.
            if row.value.owner.to_string() == self.by.id {
                return Err(Failure::Conflict { code: "own-invoice" });
            }
            let decided = event(row.value.clone(), now).map_err(refused)?;
            let facts = json!({"invoiceNo": no, "fen": decided.amount_fen, "state": decided.state.name()});
            let subject = Subject::account(decided.owner);
            let action = AuditAction { by: self.by, what: self.what, subject, why: self.why, facts };
            let line = audit::entry(&*money.store, &action, now).await?;
            let mut changes = vec![row.replace(&decided)?, self.command.record(&decided, now)?, line];
            changes.extend(invoicing.emails.enqueue(money, &decided, now)?);
            match money.commit(now, changes).await {
                Ok(()) => return Ok(decided),
                Err(Failure::Raced) => backoff.wait(&*money.random).await?,
                Err(failure) => return Err(failure),
            }
        }
    }
}

/// Sends the request of a decided invoice. A failure does not undo the decision: the due work repeats the request.
async fn send_request(invoicing: &InvoiceService, decided: Invoice) -> Result<Invoice, Failure> {
    if decided.request_no().is_none() {
        return Ok(decided);
    }
    match progress(invoicing, decided.owner, &decided.no).await {
        Ok(invoice) => Ok(invoice),
        Err(_) => Ok(decided),
    }
}
