//! One invoice: for its owner, for staff by its number alone, and its document.

use domain::invoice::{Invoice, State};
use domain::money::number::Number;
use jiff::SignedDuration;

use super::{InvoiceFile, Invoicing};
use crate::books::{Loaded, invoice_named, key, load, page};
use crate::failure::Failure;
use crate::objects::{Bucket, DownloadLink};
use crate::store::Store;

/// A link that leaks is soon worth nothing.
pub const LINK_LIFE: SignedDuration = SignedDuration::from_mins(5);

pub async fn get(store: &dyn Store, owner: &str, no: &Number) -> Result<Invoice, Failure> {
    Ok(visible(store, owner, no).await?.value)
}

/// For staff and for the provider, who know no owner. The index by number may lag a moment behind a new invoice.
pub async fn by_number(store: &dyn Store, no: &Number) -> Result<Invoice, Failure> {
    shown(found(store, no).await?).map(|row| row.value)
}

/// A link to the document, for its owner.
pub async fn link(invoicing: &Invoicing, owner: &str, no: &Number) -> Result<DownloadLink, Failure> {
    let invoice = get(&*invoicing.money.store, owner, no).await?;
    let Some(issued) = invoice.state.issued() else {
        return Err(Failure::Conflict { code: "invoice-not-issued" });
    };
    let name = format!("{}.{}", issued.fiscal_no, InvoiceFile::extension(&issued.file.media_type));
    let link = invoicing.objects.download_link(Bucket::Invoices, &issued.file.key, &name, LINK_LIFE).await;
    link.map_err(|error| Failure::Unavailable(error.to_string()))
}

pub(super) async fn row(store: &dyn Store, owner: &str, no: &Number) -> Result<Loaded<Invoice>, Failure> {
    load(store, &key::invoice(owner, no)).await?.ok_or(Failure::NotFound)
}

pub(super) async fn visible(store: &dyn Store, owner: &str, no: &Number) -> Result<Loaded<Invoice>, Failure> {
    shown(row(store, owner, no).await?)
}

/// A deleted one is gone for everybody.
pub(super) fn shown(row: Loaded<Invoice>) -> Result<Loaded<Invoice>, Failure> {
    if matches!(row.value.state, State::Deleted { .. }) { Err(Failure::NotFound) } else { Ok(row) }
}

/// The index names the owner; the row itself is read from its own place.
pub(super) async fn found(store: &dyn Store, no: &Number) -> Result<Loaded<Invoice>, Failure> {
    let (rows, _) = page::<Invoice>(store, &invoice_named(no)).await?;
    let owner = rows.into_iter().next().ok_or(Failure::NotFound)?.value.owner;
    row(store, &owner, no).await
}
