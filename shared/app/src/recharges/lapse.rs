//! A recharge nobody paid in time. Should money come for it all the same, it is credited.

use domain::money::number::Number;
use domain::money::recharge::Recharge;

use crate::books::{key, load};
use crate::failure::Failure;
use crate::payments::{Cashier, Ended, end};

/// Answers whether this call ended it unpaid.
pub async fn lapse(cashier: &Cashier, owner: &str, no: &Number) -> Result<bool, Failure> {
    let till = &cashier.till;
    let now = till.clock.now().await;
    let Some(row) = load::<Recharge>(&*till.store, &key::recharge(owner, no)).await? else { return Ok(false) };
    let Ok(lapsed) = row.value.clone().lapse(now) else { return Ok(false) };
    if end(cashier, &no.payment(1)).await? == Ended::Paid {
        return Ok(false);
    }
    till.commit(now, vec![row.replace(&lapsed)?]).await?;
    Ok(true)
}
