//! 去支付.

use domain::money::number::Number;
use domain::money::order::{Method, Order, PaidBy, State};
use domain::money::payment::{PayCode, Payment, Provider, Purpose};
use jiff::Timestamp;

use super::settle::paid_changes;
use crate::books::{Loaded, key, load};
use crate::failure::Failure;
use crate::payments::provider::Scene;
use crate::payments::{Cashier, submit};
use crate::tries::Tries;

/// An order on its way to being paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paying {
    pub order: Order,
    /// What a provider is paid by; absent when the order is paid.
    pub code: Option<PayCode>,
}

/// Pays by balance at once, or opens a payment at the order's provider. Doing it again gives the same code, or says that it is paid.
pub async fn pay(cashier: &Cashier, owner: &str, no: &Number, scene: Scene) -> Result<Paying, Failure> {
    let till = &cashier.till;
    let mut tries = Tries::default();
    loop {
        let now = till.clock.now().await;
        let row = super::read(&*till.store, owner, no).await?;
        match row.value.state {
            State::AwaitingPayment { .. } => {}
            State::Paid { .. } => return Ok(Paying { order: row.value, code: None }),
            _ => return Err(Failure::Conflict { code: "order-not-payable" }),
        }
        let outcome = match row.value.method {
            Method::Balance => by_balance(cashier, &row, now).await,
            Method::Wechat => by_provider(cashier, &row, Provider::Wechat, scene.clone(), now).await,
            Method::Alipay => by_provider(cashier, &row, Provider::Alipay, scene.clone(), now).await,
        };
        match outcome {
            Ok(paying) => return Ok(paying),
            Err(Failure::Raced) => tries.again(&*till.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

async fn by_balance(cashier: &Cashier, row: &Loaded<Order>, now: Timestamp) -> Result<Paying, Failure> {
    let order = row.value.clone().pay(PaidBy::Balance, now).map_err(super::refused)?;
    let changes = paid_changes(cashier, row, &order, now).await?;
    cashier.till.commit(now, changes).await?;
    Ok(Paying { order, code: None })
}

async fn by_provider(
    cashier: &Cashier,
    row: &Loaded<Order>,
    provider: Provider,
    scene: Scene,
    now: Timestamp,
) -> Result<Paying, Failure> {
    let store = &*cashier.till.store;
    let live = match row.value.attempt() {
        Some(no) => load::<Payment>(store, &key::payment(&no)).await?.map(|row| row.value),
        None => None,
    };
    let fits = |payment: &Payment| {
        payment.is_open() && payment.provider == provider && payment.amount_fen == row.value.payable()
    };
    let payment_no = match live.filter(fits) {
        Some(payment) => payment.no,
        None => attempt(cashier, row, provider, now).await?,
    };
    let opened = submit(cashier, &payment_no, scene).await?;
    let order = super::get(store, &row.value.owner, &row.value.no).await?;
    Ok(Paying { order, code: opened.code })
}

/// Writes the next attempt down before the provider hears of it.
async fn attempt(
    cashier: &Cashier,
    row: &Loaded<Order>,
    provider: Provider,
    now: Timestamp,
) -> Result<String, Failure> {
    let expires_at = row.value.close_at().unwrap_or(now);
    let (order, no) = row.value.clone().try_payment(now).map_err(super::refused)?;
    let purpose = Purpose::Order { no: order.no.clone() };
    let payment = Payment::create(no.clone(), purpose, order.owner.clone(), provider, order.payable(), expires_at, now);
    let changes = vec![row.replace(&order)?, Loaded::new(payment.clone()).replace(&payment)?];
    cashier.till.commit(now, changes).await?;
    Ok(no)
}
