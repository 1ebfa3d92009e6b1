//! The photo's part of a payment, for whoever commits the payment.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use jiff::Timestamp;

use super::{PhotoRow, key};
use crate::failure::Failure;
use crate::store::{Change, Store, from_row};

/// The change that marks a passed photo of this owner as paid. It belongs into the commit that takes the money, and
/// makes that commit fail if the photo changes meanwhile.
pub async fn paid(store: &dyn Store, owner: AccountId, number: ImageNumber, now: Timestamp) -> Result<Change, Failure> {
    let row = store.get(&key::photo_row(number)).await?.ok_or(Failure::NotFound)?;
    let row: PhotoRow = from_row(row)?;
    if row.owner != owner {
        return Err(Failure::NotFound);
    }
    let photo = row.photo()?.pay(now).map_err(|_| Failure::Conflict { code: "photo-not-payable" })?;
    row.with(&photo).write()
}
