//! 去支付.

use domain::money::number::Number;
use domain::money::order::{Order, PaidBy, State};
use domain::money::payment::{PayCode, Payment, Provider, Purpose};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::settle::paid_changes;
use crate::backoff::Backoff;
use crate::books::{Loaded, key, load};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::payments::provider::Scene;
use crate::payments::{PaymentService, submit};

/// An order on its way to being paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paying {
    pub order: Order,
    /// What a provider is paid by; absent when the order is paid.
    pub code: Option<PayCode>,
}

/// What a command to pay is remembered by.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "camelCase")]
enum Begun {
    Paid { order: Order },
    AtProvider { payment_no: String },
}

/// Pays by balance at once, or opens a payment at the order's provider. Doing it again gives the same code, or says that it is paid.
pub async fn pay(
    payments: &PaymentService,
    owner: &str,
    no: &Number,
    scene: Scene,
    command: &Command,
) -> Result<Paying, Failure> {
    let mut backoff = Backoff::default();
    let begun = loop {
        match begin(payments, owner, no, command).await {
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            begun => break begun?,
        }
    };
    match begun {
        Begun::Paid { order } => Ok(Paying { order, code: None }),
        Begun::AtProvider { payment_no } => {
            let opened = submit(payments, &payment_no, scene).await?;
            Ok(Paying { order: super::get(&*payments.money.store, owner, no).await?, code: opened.code })
        }
    }
}

async fn begin(payments: &PaymentService, owner: &str, no: &Number, command: &Command) -> Result<Begun, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    if let Some(begun) = command.response(&*money.store, now).await? {
        return Ok(begun);
    }
    let row = super::read(&*money.store, owner, no).await?;
    match (&row.value.state, row.value.method.provider()) {
        (State::AwaitingPayment { .. }, None) => by_balance(payments, &row, command, now).await,
        (State::AwaitingPayment { .. }, Some(provider)) => by_provider(payments, &row, provider, command, now).await,
        (State::Paid { .. }, _) => {
            let begun = Begun::Paid { order: row.value };
            command.store_response(&*money.store, &*money.random, &begun, now).await?;
            Ok(begun)
        }
        _ => Err(Failure::Conflict { code: "order-not-payable" }),
    }
}

async fn by_balance(
    payments: &PaymentService,
    row: &Loaded<Order>,
    command: &Command,
    now: Timestamp,
) -> Result<Begun, Failure> {
    let order = row.value.clone().pay(PaidBy::Balance, now).map_err(super::refused)?;
    let mut changes = paid_changes(payments, row, &order, now).await?;
    let begun = Begun::Paid { order };
    changes.push(command.record(&begun, now)?);
    payments.money.commit(now, changes).await?;
    Ok(begun)
}

async fn by_provider(
    payments: &PaymentService,
    row: &Loaded<Order>,
    provider: Provider,
    command: &Command,
    now: Timestamp,
) -> Result<Begun, Failure> {
    let store = &*payments.money.store;
    let live = match row.value.attempt() {
        Some(no) => load::<Payment>(store, &key::payment(&no)).await?.map(|row| row.value),
        None => None,
    };
    let fits = |payment: &Payment| {
        payment.is_open() && payment.provider == provider && payment.amount_fen == row.value.payable()
    };
    match live.filter(fits) {
        Some(payment) => {
            let begun = Begun::AtProvider { payment_no: payment.no };
            command.store_response(&*payments.money.store, &*payments.money.random, &begun, now).await?;
            Ok(begun)
        }
        None => attempt(payments, row, provider, command, now).await,
    }
}

/// Writes the next attempt down before the provider hears of it.
async fn attempt(
    payments: &PaymentService,
    row: &Loaded<Order>,
    provider: Provider,
    command: &Command,
    now: Timestamp,
) -> Result<Begun, Failure> {
    let expires_at = row.value.close_at().unwrap_or(now);
    let (order, no) = row.value.clone().try_payment(now).map_err(super::refused)?;
    let purpose = Purpose::Order { no: order.no.clone() };
    let payment = Payment::create(no.clone(), purpose, order.owner.clone(), provider, order.payable(), expires_at, now);
    let begun = Begun::AtProvider { payment_no: no };
    let payment = Loaded::new(payment.clone()).replace(&payment)?;
    payments.money.commit(now, vec![row.replace(&order)?, payment, command.record(&begun, now)?]).await?;
    Ok(begun)
}
