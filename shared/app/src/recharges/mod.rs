//! 账户充值: recharges, paid at a provider and credited exactly once.

mod expire;
mod request;
mod settle;

use std::time::Duration;

use domain::actor::AccountId;
use domain::money::number::Number;
use domain::money::recharge::{Recharge, State};

pub use expire::expire;
pub use request::{OpenedRecharge, RechargeRequest, request};
pub(crate) use settle::{awaits, settle};

use crate::failure::Failure;
use crate::ledger::{key, load};
use crate::store::Store;

/// How often [`wait`] reads the recharge.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// One recharge of a customer.
///
/// # Errors
///
/// [`Failure::NotFound`] if this customer has no such recharge.
pub async fn get(store: &dyn Store, owner: AccountId, no: &Number) -> Result<Recharge, Failure> {
    Ok(load(store, &key::recharge(owner, no)).await?.ok_or(Failure::NotFound)?.value)
}

/// The recharge as soon as it is credited or expired, or as it is after `timeout`.
///
/// # Errors
///
/// As [`get`].
pub async fn wait(store: &dyn Store, owner: AccountId, no: &Number, timeout: Duration) -> Result<Recharge, Failure> {
    let until = tokio::time::Instant::now() + timeout;
    loop {
        let recharge = get(store, owner, no).await?;
        let waits = matches!(recharge.state, State::Requested { .. });
        if !waits || tokio::time::Instant::now() >= until {
            return Ok(recharge);
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}
