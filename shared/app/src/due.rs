//! Due work of money: what has to happen at a certain time without a request.
//!
//! Every task can run twice at once. The index of due rows is only a hint; each task decides by the row itself.

use domain::money::coupon::Coupon;
use domain::money::hold::Hold;
use domain::money::order::{Order, State};
use domain::money::payment::Payment;
use domain::money::recharge::Recharge;
use domain::money::refund::Refund;

use crate::failure::Failure;
use crate::ledger::{MoneyContext, due_rows};
use crate::payments::{self, PaymentService};
use crate::{coupons, orders, recharges, wallet};

pub use crate::ledger::DueReport;

/// The name of a task, as the job's report has it, and what its run did.
pub type TaskResult = (&'static str, Result<DueReport, Failure>);

/// Runs every task once, one after another. A task that fails does not keep the next one from running.
pub async fn process_due(payments: &PaymentService) -> [TaskResult; 4] {
    let money = &payments.money;
    [
        ("holds", expire_holds(money).await),
        ("coupons", expire_coupons(money).await),
        ("payments", poll_providers(payments).await),
        ("unpaid", close_unpaid(payments).await),
    ]
}

/// Records the reminders of coupons that expire soon (IC-162), and the expiry of expired coupons (XX-04).
///
/// # Errors
///
/// [`Failure`] if the due rows cannot be read. A row that fails is only counted.
pub async fn expire_coupons(money: &MoneyContext) -> Result<DueReport, Failure> {
    let now = money.clock.now();
    let mut report = DueReport::default();
    for kind in ["coupon-remind", "coupon-expire"] {
        for coupon in due_rows::<Coupon>(&*money.store, kind, now).await? {
            report.count(coupons::expire(money, coupon.owner, &coupon.id, now).await);
        }
    }
    Ok(report)
}

/// Releases the holds of photos that were not resolved before their deadline.
///
/// # Errors
///
/// As [`expire_coupons`].
pub async fn expire_holds(money: &MoneyContext) -> Result<DueReport, Failure> {
    let now = money.clock.now();
    let mut report = DueReport::default();
    for hold in due_rows::<Hold>(&*money.store, "hold-expire", now).await? {
        report.count(wallet::hold::expire(money, hold.owner, hold.image_no, now).await);
    }
    Ok(report)
}

/// Closes the orders and recharges that were not paid in time.
///
/// # Errors
///
/// As [`expire_coupons`].
pub async fn close_unpaid(payments: &PaymentService) -> Result<DueReport, Failure> {
    let now = payments.money.clock.now();
    let mut report = DueReport::default();
    for order in due_rows::<Order>(&*payments.money.store, "order-close", now).await? {
        let after = orders::expire(payments, order.owner, &order.no).await;
        report.count(after.map(|order| matches!(order.state, State::Closed { .. })));
    }
    for recharge in due_rows::<Recharge>(&*payments.money.store, "recharge-lapse", now).await? {
        report.count(recharges::expire(payments, recharge.owner, &recharge.no).await);
    }
    Ok(report)
}

/// Polls the providers for the payments and refunds whose outcome is not known yet.
///
/// # Errors
///
/// As [`expire_coupons`].
pub async fn poll_providers(payments: &PaymentService) -> Result<DueReport, Failure> {
    let now = payments.money.clock.now();
    let mut report = DueReport::default();
    for payment in due_rows::<Payment>(&*payments.money.store, "payment-ask", now).await? {
        report.count(payments::poll_status(payments, &payment.no).await.map(|()| true));
    }
    for refund in due_rows::<Refund>(&*payments.money.store, "refund-ask", now).await? {
        report.count(payments::refund::progress(payments, &refund.payment_no).await.map(|()| true));
    }
    Ok(report)
}
