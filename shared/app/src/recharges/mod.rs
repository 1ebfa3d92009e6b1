//! 账户充值: paid at a provider, credited exactly once.

mod lapse;
mod request;

use std::time::Duration;

use domain::money::number::Number;
use domain::money::recharge::{Recharge, State};

pub use lapse::lapse;
pub use request::{Request, Requested, request};

use crate::books::{key, load};
use crate::failure::Failure;
use crate::store::Store;

pub async fn get(store: &dyn Store, owner: &str, no: &Number) -> Result<Recharge, Failure> {
    Ok(load(store, &key::recharge(owner, no)).await?.ok_or(Failure::NotFound)?.value)
}

/// A credit is seen at most this long after it was written.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Answers as soon as the recharge has ended, at most after `wait`.
pub async fn wait(store: &dyn Store, owner: &str, no: &Number, wait: Duration) -> Result<Recharge, Failure> {
    let until = tokio::time::Instant::now() + wait;
    loop {
        let recharge = get(store, owner, no).await?;
        let waits = matches!(recharge.state, State::Requested { .. });
        if !waits || tokio::time::Instant::now() >= until {
            return Ok(recharge);
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
