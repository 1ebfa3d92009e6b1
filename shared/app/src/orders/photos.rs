//! What orders need of the photos' table.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::order::Line;
use domain::photo::Photo;
use jiff::Timestamp;

use crate::failure::Failure;
use crate::photos::{PhotoRow, mark_paid, photo_row, visible};
use crate::store::{Change, Store, from_row};
use crate::wallet;

/// The order line of a photo of this customer that passed and is not paid, at the price at which it was submitted. Refused as
/// `not-found`, or as `photo-not-payable` (409) if it did not pass or is paid.
pub(super) async fn order_line(
    store: &dyn Store,
    owner: AccountId,
    image_no: ImageNumber,
    now: Timestamp,
) -> Result<Line, Failure> {
    let row = store.get(&photo_row(image_no)).await?.ok_or(Failure::NotFound)?;
    let row: PhotoRow = from_row(row)?;
    match visible(&row, now)? {
        Some(photo) if row.owner == owner => match photo {
            Photo::Passed { .. } => Ok(wallet::order_line(&row)),
            _ => Err(Failure::Conflict { code: "photo-not-payable" }),
        },
        _ => Err(Failure::NotFound),
    }
}

/// The changes that mark these photos as paid, for the commit that pays their order. A photo that was purged meanwhile is left
/// out: the order keeps its own record of it.
pub(super) async fn paid_changes(
    store: &dyn Store,
    owner: AccountId,
    lines: &[Line],
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for line in lines {
        match mark_paid(store, owner, line.image_no, now).await {
            Ok(change) => changes.push(change),
            Err(Failure::NotFound | Failure::Conflict { .. }) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(changes)
}
