//! Sending a request to the provider, or asking what became of it.

use domain::invoice::{Invoice, State};
use domain::money::number::Number;

use super::{InvoiceStatus, Invoicing, IssueRequest, ReversalRequest, note};
use crate::failure::Failure;
use crate::payments::provider::ProviderError;

/// One step: the first time it sends, later it asks; what the provider has never heard of is sent again under the same number. Answers
/// the invoice as it is then.
pub async fn advance(invoicing: &Invoicing, owner: &str, no: &Number) -> Result<Invoice, Failure> {
    let store = &*invoicing.money.store;
    let row = super::read::row(store, owner, no).await?;
    let invoice = &row.value;
    let Some(request_no) = invoice.request_no() else { return Ok(row.value) };
    let known =
        if invoice.asked == 0 { Ok(InvoiceStatus::Absent) } else { invoicing.provider.query(&request_no).await };
    let outcome = match known {
        Ok(InvoiceStatus::Absent) => send(invoicing, invoice, &request_no).await,
        known => known,
    };
    match outcome {
        Ok(found @ (InvoiceStatus::Done(_) | InvoiceStatus::Refused(_))) => {
            if let Err(failure) = note(invoicing, &request_no, found).await {
                put_off(invoicing, owner, no).await?;
                return Err(failure);
            }
        }
        Ok(InvoiceStatus::Running | InvoiceStatus::Absent)
        | Err(ProviderError::Unknown(_) | ProviderError::Refused(_)) => {
            put_off(invoicing, owner, no).await?;
        }
    }
    Ok(super::read::row(store, owner, no).await?.value)
}

/// An acceptance is no outcome yet; a definite no is one.
async fn send(invoicing: &Invoicing, invoice: &Invoice, request_no: &str) -> Result<InvoiceStatus, ProviderError> {
    let (request_no, amount) = (request_no.to_owned(), invoice.amount_fen);
    let sent = match &invoice.state {
        State::Reversing { issued, reason, .. } => {
            let fiscal_no = issued.fiscal_no.clone();
            invoicing.provider.reverse(&ReversalRequest { request_no, fiscal_no, amount, reason: reason.clone() }).await
        }
        _ => invoicing.provider.issue(&IssueRequest { request_no, details: invoice.details.clone(), amount }).await,
    };
    match sent {
        Ok(()) => Ok(InvoiceStatus::Running),
        Err(ProviderError::Refused(cause)) => Ok(InvoiceStatus::Refused(cause)),
        Err(unknown) => Err(unknown),
    }
}

/// Asks again later. Somebody who wrote first knew more.
async fn put_off(invoicing: &Invoicing, owner: &str, no: &Number) -> Result<(), Failure> {
    let money = &invoicing.money;
    let now = money.clock.now();
    let row = super::read::row(&*money.store, owner, no).await?;
    if row.value.request_no().is_none() {
        return Ok(());
    }
    match money.commit(now, vec![row.replace(&row.value.clone().asked(now))?]).await {
        Ok(()) | Err(Failure::Raced) => Ok(()),
        Err(failure) => Err(failure),
    }
}
