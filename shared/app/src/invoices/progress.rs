//! Sends the current request of an invoice to the provider, or polls its status.

use domain::actor::AccountId;
use domain::invoice::{Invoice, State};
use domain::money::number::Number;

use super::{InvoiceService, InvoiceStatus, IssueRequest, ReversalRequest, record_result};
use crate::failure::Failure;
use crate::payments::provider::ProviderError;

/// Sends the current request of invoice `no`, or polls its status if it was sent before. A request that the provider
/// does not know is sent again with the same number. Returns the invoice as it is afterwards.
///
/// # Errors
///
/// - `NotFound` if `owner` has no such invoice.
/// - `Conflict` with `invoice-mismatch` if the provider's document differs from the request.
/// - `Unavailable` or `Internal` from the store or the bucket. A provider that does not answer is no error: the next
///   poll is scheduled.
pub async fn progress(invoicing: &InvoiceService, owner: AccountId, no: &Number) -> Result<Invoice, Failure> {
    let store = &*invoicing.money.store;
    let row = super::read::row(store, owner, no).await?;
    let invoice = &row.value;
    let Some(request_no) = invoice.request_no() else { return Ok(row.value) };
    let status =
        if invoice.polls == 0 { Ok(InvoiceStatus::Absent) } else { invoicing.provider.query(&request_no).await };
    let status = match status {
        Ok(InvoiceStatus::Absent) => send(invoicing, invoice, &request_no).await,
        status => status,
    };
    match status {
        Ok(found @ (InvoiceStatus::Done(_) | InvoiceStatus::Refused(_))) => {
            if let Err(failure) = record_result(invoicing, &request_no, found).await {
                reschedule(invoicing, owner, no).await?;
                return Err(failure);
            }
        }
        Ok(InvoiceStatus::Running | InvoiceStatus::Absent)
        | Err(ProviderError::Unknown(_) | ProviderError::Refused(_)) => {
            reschedule(invoicing, owner, no).await?;
        }
    }
    Ok(super::read::row(store, owner, no).await?.value)
}

/// Sends the request. A request that the provider accepts is still running; one that it refuses has its result.
async fn send(invoicing: &InvoiceService, invoice: &Invoice, request_no: &str) -> Result<InvoiceStatus, ProviderError> {
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

/// Schedules the next poll. If another writer changed the invoice first, its state is newer and stays.
async fn reschedule(invoicing: &InvoiceService, owner: AccountId, no: &Number) -> Result<(), Failure> {
    let money = &invoicing.money;
    let now = money.clock.now();
    let row = super::read::row(&*money.store, owner, no).await?;
    if row.value.request_no().is_none() {
        return Ok(());
    }
    match money.commit(now, vec![row.replace(&row.value.clone().polled(now))?]).await {
        Ok(()) | Err(Failure::Raced) => Ok(()),
        Err(failure) => Err(failure),
    }
}
