//! One invoice for its owner or for staff, and the link to its document.

use domain::actor::AccountId;
use domain::invoice::{Invoice, State};
use domain::money::number::Number;
use jiff::SignedDuration;

use super::{InvoiceFile, InvoiceService};
use crate::failure::Failure;
use crate::ledger::{Loaded, invoice_by_number, key, load, page};
use crate::objects::{Bucket, DownloadLink};
use crate::store::Store;

/// How long the link to a document is valid: short, because anybody who has it can use it.
pub const LINK_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// The invoice `no` of `owner`.
///
/// # Errors
///
/// `NotFound` if `owner` has no such invoice or has deleted it; `Unavailable` or `Internal` from the store.
pub async fn get(store: &dyn Store, owner: AccountId, no: &Number) -> Result<Invoice, Failure> {
    Ok(visible(store, owner, no).await?.value)
}

/// The invoice `no` of any account, for staff. A new invoice can be missing for a moment, because it is found by an
/// index.
///
/// # Errors
///
/// `NotFound` if there is no such invoice, or if it is deleted; `Unavailable` or `Internal` from the store.
pub async fn by_number(store: &dyn Store, no: &Number) -> Result<Invoice, Failure> {
    not_deleted(find_by_number(store, no).await?).map(|row| row.value)
}

/// A link to the document of invoice `no`, valid for [`LINK_LIFE`].
///
/// # Errors
///
/// - `NotFound` if `owner` has no such invoice or has deleted it.
/// - `Conflict` with `invoice-not-issued`.
/// - `Unavailable` or `Internal` from the store or the bucket.
pub async fn link(invoicing: &InvoiceService, owner: AccountId, no: &Number) -> Result<DownloadLink, Failure> {
    let invoice = get(&*invoicing.money.store, owner, no).await?;
    let Some(issued) = invoice.state.issued() else {
        return Err(Failure::Conflict { code: "invoice-not-issued" });
    };
    let name = format!("{}.{}", issued.fiscal_no, InvoiceFile::extension(&issued.file.media_type));
    Ok(invoicing.objects.download_link(Bucket::Invoices, &issued.file.key, &name, LINK_LIFE).await?)
}

pub(super) async fn row(store: &dyn Store, owner: AccountId, no: &Number) -> Result<Loaded<Invoice>, Failure> {
    load(store, &key::invoice(owner, no)).await?.ok_or(Failure::NotFound)
}

pub(super) async fn visible(store: &dyn Store, owner: AccountId, no: &Number) -> Result<Loaded<Invoice>, Failure> {
    not_deleted(row(store, owner, no).await?)
}

/// `NotFound` for a deleted invoice.
pub(super) fn not_deleted(row: Loaded<Invoice>) -> Result<Loaded<Invoice>, Failure> {
    if matches!(row.value.state, State::Deleted { .. }) { Err(Failure::NotFound) } else { Ok(row) }
}

/// The row of invoice `no`. The index gives the owner; the row is then read consistently by its key.
pub(super) async fn find_by_number(store: &dyn Store, no: &Number) -> Result<Loaded<Invoice>, Failure> {
    let (rows, _) = page::<Invoice>(store, &invoice_by_number(no)).await?;
    let owner = rows.into_iter().next().ok_or(Failure::NotFound)?.value.owner;
    row(store, owner, no).await
}
