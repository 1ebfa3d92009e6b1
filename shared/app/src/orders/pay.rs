//! 去支付: paying an order.

use domain::actor::AccountId;
use domain::money::number::{Number, PaymentNumber};
use domain::money::order::{Order, PaidBy, State};
use domain::money::payment::{PayCode, Payment, Provider, Purpose};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::settle::paid_changes;
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{Loaded, MoneyContext, key, load};
use crate::payments::provider::Scene;
use crate::payments::{PaymentService, submit};

/// An order, and what the customer pays with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPayment {
    /// The order after the call.
    pub order: Order,
    /// What the customer pays with at the provider; `None` once the order is paid.
    pub code: Option<PayCode>,
}

/// What is stored as the answer of a command to pay.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum PaymentStep {
    Paid { order: Order },
    AtProvider { payment_no: PaymentNumber },
}

/// Pays an order by its method: from the balance at once, or by a payment at its provider. A repeated call returns the same code,
/// or the paid order.
///
/// # Errors
///
/// [`Failure::NotFound`] for another customer's order; [`Failure::Short`] if the balance is too low; `order-not-payable` (409)
/// once it is closed or refunded; `payment-refused` (409) if the provider refuses; [`Failure::Unavailable`] if the provider's
/// answer is unknown; [`Failure::KeyReused`].
pub async fn pay(
    payments: &PaymentService,
    owner: AccountId,
    no: &Number,
    scene: Scene,
    command: &Command,
) -> Result<OrderPayment, Failure> {
    let money = &payments.money;
    let mut backoff = Backoff::default();
    let step = loop {
        match first_step(money, owner, no, command).await {
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            step => break step?,
        }
    };
    match step {
        PaymentStep::Paid { order } => Ok(OrderPayment { order, code: None }),
        PaymentStep::AtProvider { payment_no } => {
            let submitted = submit(payments, &payment_no, scene).await?;
            Ok(OrderPayment { order: super::get(&*money.store, owner, no).await?, code: submitted.code })
        }
    }
}

/// Everything that happens before the provider is called.
async fn first_step(
    money: &MoneyContext,
    owner: AccountId,
    no: &Number,
    command: &Command,
) -> Result<PaymentStep, Failure> {
    let now = money.clock.now();
    if let Some(step) = command.response(&*money.store, now).await? {
        return Ok(step);
    }
    let row = super::read(&*money.store, owner, no).await?;
    match (&row.value.state, row.value.method.provider()) {
        (State::AwaitingPayment { .. }, None) => pay_from_balance(money, &row, command, now).await,
        (State::AwaitingPayment { .. }, Some(provider)) => pay_at_provider(money, &row, provider, command, now).await,
        (State::Paid { .. }, _) => {
            let step = PaymentStep::Paid { order: row.value };
            command.store_response(&*money.store, &*money.random, &step, now).await?;
            Ok(step)
        }
        _ => Err(Failure::Conflict { code: "order-not-payable" }),
    }
}

async fn pay_from_balance(
    money: &MoneyContext,
    row: &Loaded<Order>,
    command: &Command,
    now: Timestamp,
) -> Result<PaymentStep, Failure> {
    let order = row.value.clone().pay(PaidBy::Balance, now).map_err(super::refused)?;
    let mut changes = paid_changes(&*money.store, row, &order, now).await?;
    let step = PaymentStep::Paid { order };
    changes.push(command.record(&step, now)?);
    money.commit(now, changes).await?;
    Ok(step)
}

/// Continues the current attempt if it can still pay the order, otherwise begins another one.
async fn pay_at_provider(
    money: &MoneyContext,
    row: &Loaded<Order>,
    provider: Provider,
    command: &Command,
    now: Timestamp,
) -> Result<PaymentStep, Failure> {
    let current = match row.value.current_payment() {
        Some(no) => load::<Payment>(&*money.store, &key::payment(&no)).await?.map(|row| row.value),
        None => None,
    };
    let fits = |payment: &Payment| {
        payment.is_open() && payment.provider == provider && payment.amount_fen == row.value.payable()
    };
    match current.filter(fits) {
        Some(payment) => {
            let step = PaymentStep::AtProvider { payment_no: payment.no };
            command.store_response(&*money.store, &*money.random, &step, now).await?;
            Ok(step)
        }
        None => start_attempt(money, row, provider, command, now).await,
    }
}

/// Writes the next attempt before the provider is called.
async fn start_attempt(
    money: &MoneyContext,
    row: &Loaded<Order>,
    provider: Provider,
    command: &Command,
    now: Timestamp,
) -> Result<PaymentStep, Failure> {
    let expires_at = row.value.close_at().unwrap_or(now);
    let (order, no) = row.value.clone().start_attempt(now).map_err(super::refused)?;
    let purpose = Purpose::Order { no: order.no.clone() };
    let payment = Payment::create(no.clone(), purpose, order.owner, provider, order.payable(), expires_at, now);
    let step = PaymentStep::AtProvider { payment_no: no };
    let payment = Loaded::new(payment.clone()).replace(&payment)?;
    money.commit(now, vec![row.replace(&order)?, payment, command.record(&step, now)?]).await?;
    Ok(step)
}
