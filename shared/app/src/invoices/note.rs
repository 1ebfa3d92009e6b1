//! What is certain of a request: the one way in, for callbacks and for answers to our questions.

use domain::invoice::{Invoice, Issued, Red, State, StoredFile};
use jiff::Timestamp;

use super::give_up::free_orders;
use super::{Document, InvoiceFile, InvoiceStatus, Invoicing};
use crate::books::Loaded;
use crate::failure::Failure;
use crate::objects::Bucket;
use crate::payments::provider::ProviderError;
use crate::store::Change;
use crate::tries::Tries;

/// A document that is not about what was asked for; nothing was changed.
const MISMATCH: Failure = Failure::Conflict { code: "invoice-mismatch" };

/// Notes an outcome, as often as it is told. One that contradicts what is known changes nothing and is refused as `invoice-mismatch`:
/// a person must look.
pub async fn note(invoicing: &Invoicing, request_no: &str, found: InvoiceStatus) -> Result<(), Failure> {
    let money = &invoicing.money;
    let no = Invoice::of_request(request_no).ok_or(Failure::NotFound)?;
    let mut tries = Tries::default();
    loop {
        let now = money.clock.now();
        let row = super::read::found(&*money.store, &no).await?;
        if row.value.request_no().as_deref() != Some(request_no) {
            return late(&row.value, &found);
        }
        let Some(changes) = decide(invoicing, &row, request_no, &found, now).await? else { return Ok(()) };
        match money.commit(now, changes).await {
            Ok(()) => return Ok(()),
            Err(Failure::Raced) => tries.again(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

/// Told again, or too late. Only a document that we know nothing of matters.
fn late(invoice: &Invoice, found: &InvoiceStatus) -> Result<(), Failure> {
    let InvoiceStatus::Done(document) = found else { return Ok(()) };
    let blue = invoice.state.issued().map(|issued| &issued.fiscal_no);
    let red = match &invoice.state {
        State::Reversed { red, .. } => Some(&red.fiscal_no),
        _ => None,
    };
    if [blue, red].contains(&Some(&document.fiscal_no)) { Ok(()) } else { Err(MISMATCH) }
}

async fn decide(
    invoicing: &Invoicing,
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
            invoice.reversed(Red { fiscal_no: document.fiscal_no.clone(), issued_at: document.issued_at }, now)
        }
        InvoiceStatus::Done(document) => invoice.issued(keep(invoicing, &row.value, request_no, document).await?, now),
        InvoiceStatus::Refused(cause) if reversing => invoice.reversal_refused(cause.clone(), now),
        InvoiceStatus::Refused(cause) => invoice.refused(cause.clone(), now),
    };
    let next = next.map_err(Failure::internal)?;
    let mut changes = vec![row.replace(&next)?];
    changes.extend(invoicing.emails.enqueue(&invoicing.money, &next, now)?);
    if !next.is_live() {
        changes.extend(free_orders(&*invoicing.money.store, &next).await?);
    }
    Ok(Some(changes))
}

/// The document is in our own bucket before anybody is told that there is one.
async fn keep(
    invoicing: &Invoicing,
    invoice: &Invoice,
    request_no: &str,
    document: &Document,
) -> Result<Issued, Failure> {
    let InvoiceFile { media_type, bytes } =
        invoicing.provider.file(request_no).await.map_err(|trouble| match trouble {
            ProviderError::Unknown(cause) | ProviderError::Refused(cause) => Failure::Unavailable(cause),
        })?;
    let key = format!("{}/{request_no}.{}", invoice.owner, InvoiceFile::extension(&media_type));
    let file = StoredFile { key: key.clone(), media_type: media_type.clone(), bytes: bytes.len() as u64 };
    let put = invoicing.objects.put(Bucket::Invoices, &key, &media_type, bytes).await;
    put.map_err(|error| Failure::Unavailable(error.to_string()))?;
    Ok(Issued { fiscal_no: document.fiscal_no.clone(), issued_at: document.issued_at, file })
}
