//! What staff decide: approve, reject, and later reverse.

use domain::Refused;
use domain::invoice::Invoice;
use domain::money::number::Number;
use jiff::Timestamp;
use serde_json::json;

use super::{Invoicing, advance, refused};
use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::tries::Tries;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    Approve,
    /// The reason is shown to the customer.
    Reject,
}

/// Decides an application (IC-183). What was approved is sent to the provider at once; if that does not answer, the job asks later.
pub async fn decide(
    invoicing: &Invoicing,
    by: &AuditActor,
    no: &Number,
    decision: Decision,
    why: &Reason,
    command: &Command,
) -> Result<Invoice, Failure> {
    let decided = match decision {
        Decision::Approve => {
            let act = Act { by, what: "invoice-approve", why, command };
            act.on(invoicing, no, |invoice, now| invoice.approve(by.id.clone(), now)).await?
        }
        Decision::Reject => {
            let act = Act { by, what: "invoice-reject", why, command };
            act.on(invoicing, no, |invoice, now| invoice.reject(why.as_str().to_owned(), by.id.clone(), now)).await?
        }
    };
    hand_on(invoicing, decided).await
}

/// 冲红: has the provider take an issued invoice back. Its orders are free once that is done.
pub async fn reverse(
    invoicing: &Invoicing,
    by: &AuditActor,
    no: &Number,
    why: &Reason,
    command: &Command,
) -> Result<Invoice, Failure> {
    let act = Act { by, what: "invoice-reverse", why, command };
    let reverse = |invoice: Invoice, now| invoice.reverse(why.as_str().to_owned(), by.id.clone(), now);
    hand_on(invoicing, act.on(invoicing, no, reverse).await?).await
}

struct Act<'a> {
    by: &'a AuditActor,
    what: &'static str,
    why: &'a Reason,
    command: &'a Command,
}

impl Act<'_> {
    /// Changes the invoice, leaves a line in the audit log, and posts what the customer is to know, in one commit.
    async fn on(
        &self,
        invoicing: &Invoicing,
        no: &Number,
        event: impl Fn(Invoice, Timestamp) -> Result<Invoice, Refused> + Send + Sync,
    ) -> Result<Invoice, Failure> {
        let money = &invoicing.money;
        let mut tries = Tries::default();
        loop {
            let now = money.clock.now();
            if let Some(done) = self.command.answer::<Invoice>(&*money.store, now).await? {
                return Ok(done);
            }
            let row = super::read::shown(super::read::found(&*money.store, no).await?)?;
            // Nobody decides for himself.
            if row.value.owner == self.by.id {
                return Err(Failure::Conflict { code: "own-invoice" });
            }
            let decided = event(row.value.clone(), now).map_err(refused)?;
            let facts = json!({"invoiceNo": no, "fen": decided.amount_fen, "state": decided.state.name()});
            let subject = Subject::account(&decided.owner);
            let action = AuditAction { by: self.by, what: self.what, subject, why: self.why, facts };
            let line = audit::entry(&*money.store, &action, now).await?;
            let mut changes = vec![row.replace(&decided)?, self.command.record(&decided, now)?, line];
            changes.extend(invoicing.emails.enqueue(money, &decided, now)?);
            match money.commit(now, changes).await {
                Ok(()) => return Ok(decided),
                Err(Failure::Raced) => tries.again(&*money.random).await?,
                Err(failure) => return Err(failure),
            }
        }
    }
}

/// The decision stands whatever the provider does now.
async fn hand_on(invoicing: &Invoicing, decided: Invoice) -> Result<Invoice, Failure> {
    if decided.request_no().is_none() {
        return Ok(decided);
    }
    match advance(invoicing, &decided.owner, &decided.no).await {
        Ok(now) => Ok(now),
        Err(_) => Ok(decided),
    }
}
