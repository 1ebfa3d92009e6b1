//! The change that marks a photo as paid, for the commit that takes the money.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use jiff::Timestamp;

use super::{PhotoRow, key};
use crate::failure::Failure;
use crate::store::{Change, Store, from_row};

/// The change that marks photo `number` of `owner` as paid at `now`. Write it in the commit that takes the money: that
/// commit fails if the photo changes meanwhile.
///
/// # Errors
///
/// - `NotFound` if `owner` has no such photo.
/// - `Conflict` with `photo-not-payable` if the photo has not passed, or is paid already.
/// - `Unavailable` or `Internal` from the store.
pub async fn mark_paid(
    store: &dyn Store,
    owner: AccountId,
    number: ImageNumber,
    now: Timestamp,
) -> Result<Change, Failure> {
    let row = store.get(&key::photo_row(number)).await?.ok_or(Failure::NotFound)?;
    let row: PhotoRow = from_row(row)?;
    if row.owner != owner {
        return Err(Failure::NotFound);
    }
    let photo = row.photo()?.pay(now).map_err(|_| Failure::Conflict { code: "photo-not-payable" })?;
    row.with(&photo).write()
}
