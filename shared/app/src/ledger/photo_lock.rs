//! The lock that keeps a photo in at most one open or paid order (I8): taken when the order is placed, released when it closes.
//! The row itself is never deleted, as no row of money is.

use domain::image_number::ImageNumber;
use domain::money::number::Number;

use super::key;
use crate::failure::Failure;
use crate::store::{Change, Store};

/// The attribute that names the order.
const HOLDER: &str = "orderNo";

/// Locks a photo for an order. Conflicts if an order has it.
pub fn acquire(image_no: ImageNumber, order: &Number) -> Change {
    Change::update(key::photo(image_no)).set(HOLDER, order.as_str()).if_missing(HOLDER)
}

/// Unlocks a photo. Conflicts unless this order has it.
pub fn release(image_no: ImageNumber, order: &Number) -> Change {
    Change::update(key::photo(image_no)).remove(HOLDER).if_equals(HOLDER, order.as_str())
}

/// Whether an order has the photo.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer.
pub async fn is_held(store: &dyn Store, image_no: ImageNumber) -> Result<bool, Failure> {
    Ok(store.get(&key::photo(image_no)).await?.is_some_and(|row| row.contains_key(HOLDER)))
}
