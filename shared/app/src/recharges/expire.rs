//! Expiring a recharge that was not paid in time. If its payment arrives later, it is credited then.

use domain::actor::AccountId;
use domain::money::number::Number;
use domain::money::recharge::Recharge;

use crate::failure::Failure;
use crate::ledger::{key, load};
use crate::payments::{PaymentOutcome, PaymentService, ensure_closed};

/// Closes the payment at its provider and writes down the expiry. Returns whether this call expired the recharge.
///
/// # Errors
///
/// [`Failure::Raced`] if the recharge changed meanwhile; `payment-unclear` (409) while the provider does not say whether the
/// payment is closed; [`Failure::Unavailable`] if the store does not answer.
pub async fn expire(payments: &PaymentService, owner: AccountId, no: &Number) -> Result<bool, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    let Some(row) = load::<Recharge>(&*money.store, &key::recharge(owner, no)).await? else { return Ok(false) };
    let Ok(expired) = row.value.clone().expire(now) else { return Ok(false) };
    if ensure_closed(payments, &no.payment(1)).await? == PaymentOutcome::Paid {
        return Ok(false);
    }
    money.commit(now, vec![row.replace(&expired)?]).await?;
    Ok(true)
}
