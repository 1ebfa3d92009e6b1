//! A recharge nobody paid in time. Should money come for it all the same, it is credited.

use domain::money::number::Number;
use domain::money::recharge::Recharge;

use crate::books::{key, load};
use crate::failure::Failure;
use crate::payments::{Ended, PaymentService, end};

/// Answers whether this call ended it unpaid.
pub async fn lapse(payments: &PaymentService, owner: &str, no: &Number) -> Result<bool, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    let Some(row) = load::<Recharge>(&*money.store, &key::recharge(owner, no)).await? else { return Ok(false) };
    let Ok(lapsed) = row.value.clone().lapse(now) else { return Ok(false) };
    if end(payments, &no.payment(1)).await? == Ended::Paid {
        return Ok(false);
    }
    money.commit(now, vec![row.replace(&lapsed)?]).await?;
    Ok(true)
}
