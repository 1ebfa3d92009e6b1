//! 我的订单: orders of passed photos that are paid together.

mod change;
mod close;
mod discount;
mod list;
mod pay;
mod photos;
mod place;
mod refund;
mod settle;

use domain::Refused;
use domain::actor::AccountId;
use domain::money::number::Number;
use domain::money::order::Order;

pub use change::change;
pub use close::{cancel, expire};
pub use list::{Filter, Listed, OrderPage, OrderType, list};
pub use pay::{OrderPayment, pay};
pub use place::{PlaceOrder, place};
pub use refund::refund;
pub(crate) use settle::{awaits, complete_refund, settle};

use crate::failure::Failure;
use crate::ledger::{Loaded, key, load};
use crate::store::Store;

/// One order of a customer.
///
/// # Errors
///
/// [`Failure::NotFound`] if this customer has no such order.
pub async fn get(store: &dyn Store, owner: AccountId, no: &Number) -> Result<Order, Failure> {
    Ok(read(store, owner, no).await?.value)
}

async fn read(store: &dyn Store, owner: AccountId, no: &Number) -> Result<Loaded<Order>, Failure> {
    load(store, &key::order(owner, no)).await?.ok_or(Failure::NotFound)
}

const fn refused(_: Refused) -> Failure {
    Failure::Conflict { code: "order-not-payable" }
}
