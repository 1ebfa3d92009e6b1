//! Records the result of a request to the provider. Callbacks and polls both end here.

use domain::invoice::{Invoice, IssuedDocument, RedInvoice, State, StoredFile};
use jiff::Timestamp;

use super::withdraw::release_orders;
use super::{Document, InvoiceFile, InvoiceService, InvoiceStatus};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::ledger::Loaded;
use crate::objects::Bucket;
use crate::payments::provider::ProviderError;
use crate::store::Change;

/// The provider's document differs from the request; nothing was changed.
const MISMATCH: Failure = Failure::Conflict { code: "invoice-mismatch" };

/// Records the status `found` of request `request_no`. A repeated call with the same status changes nothing.
///
/// # Errors
///
/// - `NotFound` if there is no such request.
/// - `Conflict` with `invoice-mismatch` if the document contradicts the invoice: nothing is changed, and staff have to
///   clear it up.
/// - `Unavailable` or `Internal` from the provider, the store or the bucket.
pub async fn record_result(invoicing: &InvoiceService, request_no: &str, found: InvoiceStatus) -> Result<(), Failure> {
    let money = &invoicing.money;
    let no = Invoice::no_of_request(request_no).ok_or(Failure::NotFound)?;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        let row = super::read::find_by_number(&*money.store, &no).await?;
        if row.value.request_no().as_deref() != Some(request_no) {
            return check_outdated(&row.value, &found);
        }
        let Some(changes) = changes_for(invoicing, &row, request_no, &found, now).await? else { return Ok(()) };
        match money.commit(now, changes).await {
            Ok(()) => return Ok(()),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

/// Checks the status of a request that is no longer the current one. Only an unknown document is a mismatch.
fn check_outdated(invoice: &Invoice, found: &InvoiceStatus) -> Result<(), Failure> {
    let InvoiceStatus::Done(document) = found else { return Ok(()) };
    let blue = invoice.state.issued().map(|issued| &issued.fiscal_no);
    let red = match &invoice.state {
        State::Reversed { red, .. } => Some(&red.fiscal_no),
        _ => None,
    };
    if [blue, red].contains(&Some(&document.fiscal_no)) { Ok(()) } else { Err(MISMATCH) }
}

/// The changes that record the status; `None` if the request is still running.
async fn changes_for(
    invoicing: &InvoiceService,
    row: &Loaded<Invoice>,
    request_no: &str,
    found: &InvoiceStatus,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, Failure> {
    let invoice = row.value.clone();
    let reversing = matches!(invoice.state, State::Reversing { .. });
    let next = match found {
        InvoiceStatus::Absent | InvoiceStatus::Running => return Ok(None),
        InvoiceStatus::Done(document) if document.amount != invoice.amount_fen => return Err(MISMATCH),
        InvoiceStatus::Done(document) if reversing => {
            invoice.reversed(RedInvoice { fiscal_no: document.fiscal_no.clone(), issued_at: document.issued_at }, now)
        }
        InvoiceStatus::Done(document) => {
            invoice.issued(store_document(invoicing, &row.value, request_no, document).await?, now)
        }
        InvoiceStatus::Refused(cause) if reversing => invoice.reversal_refused(cause.clone(), now),
        InvoiceStatus::Refused(cause) => invoice.refused(cause.clone(), now),
    };
    let next = next.map_err(Failure::internal)?;
    let mut changes = vec![row.replace(&next)?];
    changes.extend(invoicing.emails.enqueue(&invoicing.money, &next, now)?);
    if !next.is_live() {
        changes.extend(release_orders(&*invoicing.money.store, &next).await?);
    }
    Ok(Some(changes))
}

/// Copies the document into our bucket. This happens before the invoice says that it is issued.
async fn store_document(
    invoicing: &InvoiceService,
    invoice: &Invoice,
    request_no: &str,
    document: &Document,
) -> Result<IssuedDocument, Failure> {
    let InvoiceFile { media_type, bytes } = invoicing.provider.file(request_no).await.map_err(|error| match error {
        ProviderError::Unknown(cause) | ProviderError::Refused(cause) => Failure::Unavailable(cause),
    })?;
    let key = format!("{}/{request_no}.{}", invoice.owner, InvoiceFile::extension(&media_type));
    let file = StoredFile { key: key.clone(), media_type: media_type.clone(), bytes: bytes.len() as u64 };
    invoicing.objects.put(Bucket::Invoices, &key, &media_type, bytes).await?;
    Ok(IssuedDocument { fiscal_no: document.fiscal_no.clone(), issued_at: document.issued_at, file })
}
