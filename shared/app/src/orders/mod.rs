//! 我的订单: passed photos, paid together.

mod change;
mod close;
mod discount;
mod list;
mod pay;
mod photos;
mod place;
mod refund;
mod settle;

use async_trait::async_trait;
use domain::Refused;
use domain::money::number::Number;
use domain::money::order::{Line, Order};
use jiff::Timestamp;

pub use change::change;
pub use close::{cancel, lapse};
pub use list::{Filter, Listed, Orders, Type, list};
pub use pay::{Paying, pay};
pub use photos::StoredPhotos;
pub use place::{Place, place};
pub use refund::refund;
pub(crate) use settle::paid_changes;

use crate::books::{Loaded, key, load};
use crate::failure::Failure;
use crate::store::{Change, Store};

/// The photos an order is about, as far as money needs them.
#[async_trait]
pub trait OrderPhotos: Send + Sync {
    /// A photo of this person that passed and was never paid, at the price it was submitted at. Refused as `not-found`, or as
    /// `photo-not-payable` (409) when it did not pass or is paid.
    async fn payable(&self, owner: &str, image_no: &str, now: Timestamp) -> Result<Line, Failure>;

    /// The changes that make these photos paid, for the commit that makes their order so. A photo that is gone is left out.
    async fn paid(&self, owner: &str, image_nos: &[&str], now: Timestamp) -> Result<Vec<Change>, Failure>;
}

pub async fn get(store: &dyn Store, owner: &str, no: &Number) -> Result<Order, Failure> {
    Ok(read(store, owner, no).await?.value)
}

async fn read(store: &dyn Store, owner: &str, no: &Number) -> Result<Loaded<Order>, Failure> {
    load(store, &key::order(owner, no)).await?.ok_or(Failure::NotFound)
}

const fn refused(_: Refused) -> Failure {
    Failure::Conflict { code: "order-not-payable" }
}
