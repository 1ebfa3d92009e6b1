//! What falls due in money without anyone asking. Every chore may run twice at once: the row decides, the list is only a hint.

use domain::money::coupon::Coupon;
use domain::money::hold::Hold;
use domain::money::order::{Order, State};
use domain::money::payment::Payment;
use domain::money::recharge::Recharge;
use domain::money::refund::Refund;
use jiff::Timestamp;
use serde::Serialize;

use super::{PaymentService, ask, refund};
use crate::books::{MoneyContext, Stored, page};
use crate::failure::Failure;
use crate::store::{BY_DUE, Query, Span, Store, Table, sortable};
use crate::{coupons, orders, recharges, wallet};

/// One run looks at no more; the next comes within minutes.
const ROWS_MAX: usize = 500;
/// Before every instant; a key must not be empty.
const EARLIEST: &str = "0";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Swept {
    pub done: u32,
    /// Looked at, and nothing to do yet.
    pub left: u32,
    /// To be tried again by the next run.
    pub failed: u32,
}

impl Swept {
    pub(crate) fn count(&mut self, outcome: Result<bool, Failure>) {
        let counter = match outcome {
            Ok(true) => &mut self.done,
            Ok(false) | Err(Failure::Raced) => &mut self.left,
            Err(_) => &mut self.failed,
        };
        *counter += 1;
    }
}

/// 过期: reminds of what will expire (IC-162), and writes down what every read computes already (XX-04).
pub async fn expire_coupons(money: &MoneyContext) -> Result<Swept, Failure> {
    let now = money.clock.now();
    let mut swept = Swept::default();
    for kind in ["coupon-remind", "coupon-expire"] {
        for coupon in due::<Coupon>(&*money.store, kind, now).await? {
            swept.count(coupons::fall_due(money, &coupon.owner, &coupon.id, now).await);
        }
    }
    Ok(swept)
}

/// Holds whose photo never came to an end.
pub async fn release_holds(money: &MoneyContext) -> Result<Swept, Failure> {
    let now = money.clock.now();
    let mut swept = Swept::default();
    for hold in due::<Hold>(&*money.store, "hold-expire", now).await? {
        swept.count(wallet::hold::expire(money, &hold.owner, &hold.image_no, now).await);
    }
    Ok(swept)
}

/// Orders and recharges nobody paid in time.
pub async fn close_unpaid(payments: &PaymentService) -> Result<Swept, Failure> {
    let now = payments.money.clock.now();
    let mut swept = Swept::default();
    for order in due::<Order>(&*payments.money.store, "order-close", now).await? {
        let closed = orders::lapse(payments, &order.owner, &order.no).await;
        swept.count(closed.map(|order| matches!(order.state, State::Closed { .. })));
    }
    for recharge in due::<Recharge>(&*payments.money.store, "recharge-lapse", now).await? {
        swept.count(recharges::lapse(payments, &recharge.owner, &recharge.no).await);
    }
    Ok(swept)
}

/// Payments and refunds whose outcome nobody has told us.
pub async fn ask_providers(payments: &PaymentService) -> Result<Swept, Failure> {
    let now = payments.money.clock.now();
    let mut swept = Swept::default();
    for payment in due::<Payment>(&*payments.money.store, "payment-ask", now).await? {
        swept.count(ask(payments, &payment.no).await.map(|()| true));
    }
    for refund in due::<Refund>(&*payments.money.store, "refund-ask", now).await? {
        swept.count(refund::advance(payments, &refund.payment_no).await.map(|()| true));
    }
    Ok(swept)
}

pub(crate) async fn due<T: Stored>(store: &dyn Store, kind: &str, now: Timestamp) -> Result<Vec<T>, Failure> {
    let mut query = Query::index(Table::Money, BY_DUE, kind).span(Span::Between(EARLIEST.to_owned(), sortable(now)));
    let mut values = Vec::new();
    while values.len() < ROWS_MAX {
        let (found, next) = page::<T>(store, &query).await?;
        values.extend(found.into_iter().map(|row| row.value));
        match next {
            Some(next) => query = query.after(Some(next)),
            None => break,
        }
    }
    Ok(values)
}
