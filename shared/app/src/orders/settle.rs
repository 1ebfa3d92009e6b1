//! Everything that becomes true when an order is paid.

use domain::money::ledger::{Account, Transaction};
use domain::money::order::{Order, PaidBy, State};
use domain::money::wallet::Movement;
use jiff::Timestamp;

use super::discount;
use crate::books::{Books, Loaded, user};
use crate::failure::Failure;
use crate::payments::PaymentService;
use crate::store::Change;

/// The changes from an order as it was read to `paid`: order, coupon, photos, and the sale in the books. The coupon must be held
/// by the order already.
pub(crate) async fn paid_changes(
    payments: &PaymentService,
    was: &Loaded<Order>,
    paid: &Order,
    now: Timestamp,
) -> Result<Vec<Change>, Failure> {
    let mut changes = money(payments, paid, now).await?;
    changes.push(was.replace(paid)?);
    changes.extend(discount::resolve(&*payments.money.store, &was.value, true, now).await?);
    Ok(changes)
}

/// The sale and its photos, without the order's own row and its coupon.
pub(super) async fn money(payments: &PaymentService, paid: &Order, now: Timestamp) -> Result<Vec<Change>, Failure> {
    let State::Paid { by, .. } = &paid.state else { return Err(Failure::internal("an order that is not paid")) };
    let (net, discount) = (paid.payable(), paid.discounted());
    let (owner, no) = (paid.owner.as_str(), paid.no.as_str());
    let mut books = Books::of(&*payments.money.store, owner).await?;
    let source = match by {
        PaidBy::Balance | PaidBy::Coupon => user(owner),
        PaidBy::Provider { provider, .. } => Account::Channel(*provider),
    };
    let sale = Transaction::sale(source, net, discount)?;
    if *by == PaidBy::Balance && !net.is_zero() {
        books.apply(Movement::Debit(net), no, "sale", &sale, now)?;
    } else {
        books.note(owner, no, "sale", &sale, now);
    }
    let mut changes = books.changes()?;
    let photos: Vec<&str> = paid.lines.iter().map(|line| line.image_no.as_str()).collect();
    changes.extend(payments.photos.paid(owner, &photos, now).await?);
    Ok(changes)
}
