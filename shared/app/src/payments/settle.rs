//! Money arrived: the one way in, for callbacks and for answers to our questions.

use domain::money::ledger::{Account, Transaction};
use domain::money::order::{Order, PaidBy};
use domain::money::payment::{Payment, Provider, Purpose, State, Worth};
use domain::money::recharge::Recharge;
use domain::money::refund::{Refund, Why};
use domain::money::wallet::Movement;
use jiff::Timestamp;

use super::PaymentService;
use super::provider::PaymentConfirmation;
use crate::backoff::Backoff;
use crate::books::{Books, Loaded, key, load, transaction, user};
use crate::failure::Failure;
use crate::orders;
use crate::store::Change;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    Applied,
    /// Nothing was owed: a refund is on its way.
    Surplus,
    /// Known already.
    Already,
}

/// Notes a success and does what it is worth, in one commit. A confirmation that differs from what was asked for in amount or provider
/// changes nothing and is refused as `payment-mismatch`.
pub async fn settle(
    payments: &PaymentService,
    provider: Provider,
    confirmation: &PaymentConfirmation,
) -> Result<Settled, Failure> {
    let mut backoff = Backoff::default();
    loop {
        match once(payments, provider, confirmation).await {
            Err(Failure::Raced) => backoff.wait(&*payments.money.random).await?,
            settled => return settled,
        }
    }
}

async fn once(
    payments: &PaymentService,
    provider: Provider,
    confirmation: &PaymentConfirmation,
) -> Result<Settled, Failure> {
    let money = &payments.money;
    let now = money.clock.now();
    let row: Loaded<Payment> =
        load(&*money.store, &key::payment(&confirmation.payment_no)).await?.ok_or(Failure::NotFound)?;
    let mismatch = Err(Failure::Conflict { code: "payment-mismatch" });
    if row.value.provider != provider || row.value.amount_fen != confirmation.amount {
        return mismatch;
    }
    if let State::Succeeded { provider_no, .. } = &row.value.state {
        return if *provider_no == confirmation.provider_no { Ok(Settled::Already) } else { mismatch };
    }
    let (settled, changes) = decide(payments, &row, confirmation, now).await?;
    money.commit(now, changes).await?;
    Ok(settled)
}

async fn decide(
    payments: &PaymentService,
    row: &Loaded<Payment>,
    confirmation: &PaymentConfirmation,
    now: Timestamp,
) -> Result<(Settled, Vec<Change>), Failure> {
    let payment = &row.value;
    let effect = match &payment.purpose {
        Purpose::Order { no } => {
            let order = load(&*payments.money.store, &key::order(&payment.owner, no)).await?;
            of_order(payments, payment, &order.ok_or(Failure::NotFound)?, now).await?
        }
        Purpose::Recharge { no } => {
            let recharge = load(&*payments.money.store, &key::recharge(&payment.owner, no)).await?;
            of_recharge(payments, payment, &recharge.ok_or(Failure::NotFound)?, now).await?
        }
    };
    let (settled, worth, mut changes) = match effect {
        Some(changes) => (Settled::Applied, Worth::Applied, changes),
        None => (Settled::Surplus, Worth::Surplus, surplus(payment, now)?),
    };
    let paid = payment.clone().succeed(confirmation.provider_no.clone(), worth, now).map_err(Failure::internal)?;
    changes.push(row.replace(&paid)?);
    Ok((settled, changes))
}

/// Nothing when the order does not wait for exactly this any more.
async fn of_order(
    payments: &PaymentService,
    payment: &Payment,
    order: &Loaded<Order>,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, Failure> {
    if order.value.payable() != payment.amount_fen {
        return Ok(None);
    }
    let by = PaidBy::Provider { provider: payment.provider, payment_no: payment.no.clone() };
    match order.value.clone().pay(by, now) {
        Ok(paid) => orders::paid_changes(payments, order, &paid, now).await.map(Some),
        Err(_) => Ok(None),
    }
}

async fn of_recharge(
    payments: &PaymentService,
    payment: &Payment,
    row: &Loaded<Recharge>,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, Failure> {
    let recharge = &row.value;
    let Ok(credited) = recharge.clone().credit(payment.no.clone(), now) else { return Ok(None) };
    if recharge.amount_fen != payment.amount_fen {
        return Err(Failure::internal("a recharge and its payment differ"));
    }
    let mut books = Books::of(&*payments.money.store, &payment.owner).await?;
    let moved = Transaction::transfer(Account::Channel(payment.provider), user(&payment.owner), payment.amount_fen)?;
    books.apply(Movement::Credit(payment.amount_fen), recharge.no.as_str(), "credit", &moved, now)?;
    let mut changes = books.changes()?;
    changes.push(row.replace(&credited)?);
    Ok(Some(changes))
}

fn surplus(payment: &Payment, now: Timestamp) -> Result<Vec<Change>, Failure> {
    let refund = Refund::of(payment, Why::Surplus, now);
    let moved = Transaction::transfer(Account::Channel(payment.provider), Account::RefundSuspense, payment.amount_fen)?;
    Ok(vec![
        Loaded::new(refund.clone()).replace(&refund)?,
        transaction(&payment.owner, &payment.no, "surplus", &moved, now),
    ])
}
