//! 发票申请: the customer applies for an invoice.

use domain::actor::AccountId;
use domain::invoice::{Details, InvalidInvoice, Invoice, Item, ORDERS_MAX};
use domain::money::number::Number;
use domain::money::order::Order;
use domain::money::recharge::Recharge;
use jiff::Timestamp;

use super::InvoiceService;
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::ledger::{Loaded, key, load};
use crate::store::{Change, Store};

/// An application for an invoice.
#[derive(Debug, Clone)]
pub struct InvoiceApplication {
    /// The orders to be covered.
    pub order_nos: Vec<Number>,
    /// The application form.
    pub details: Details,
}

/// Applies for one invoice that covers paid orders of photos. The amount is the sum that was paid for them, without
/// coupons; it is frozen here (IC-136).
///
/// # Errors
///
/// - `Invalid` at `/orderNos` with `count-out-of-range` or `listed-twice`.
/// - `NotFound` if `owner` has no such order.
/// - `Conflict` with `order-already-invoiced` or `order-not-invoiceable`.
/// - `KeyReused` if the idempotency key was used with another request; `Unavailable` or `Internal` from the store.
pub async fn apply(
    invoicing: &InvoiceService,
    owner: AccountId,
    application: &InvoiceApplication,
    command: &Command,
) -> Result<Invoice, Failure> {
    if application.order_nos.is_empty() || application.order_nos.len() > ORDERS_MAX {
        return Err(invalid(InvalidInvoice::Count));
    }
    let money = &invoicing.money;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        if let Some(done) = command.response(&*money.store, now).await? {
            return Ok(done);
        }
        let (invoice, mut changes) = prepare(invoicing, owner, application, now).await?;
        changes.push(command.record(&invoice, now)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(invoice),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

/// The invoice, and the changes that create it and lock its orders.
async fn prepare(
    invoicing: &InvoiceService,
    owner: AccountId,
    application: &InvoiceApplication,
    now: Timestamp,
) -> Result<(Invoice, Vec<Change>), Failure> {
    let store = &*invoicing.money.store;
    let no = invoicing.money.new_number(now);
    let (mut items, mut orders) = (Vec::new(), Vec::new());
    for order_no in &application.order_nos {
        let row = order(store, owner, order_no).await?;
        items.push(Item { order_no: order_no.clone(), amount_fen: row.value.payable() });
        orders.push(row);
    }
    let invoice = Invoice::apply(no.clone(), owner, application.details.clone(), items, now).map_err(invalid)?;
    let mut changes = vec![Loaded::new(invoice.clone()).replace(&invoice)?];
    for row in orders {
        let taken = row.value.clone().add_to_invoice(no.clone()).map_err(|_| NOT_INVOICEABLE)?;
        changes.push(row.replace(&taken)?);
    }
    Ok((invoice, changes))
}

const NOT_INVOICEABLE: Failure = Failure::Conflict { code: "order-not-invoiceable" };

/// A paid order of photos that is in no live invoice. A recharge is not invoiced; the orders that are paid from the
/// balance are, so that no money is invoiced twice (IC-143, A-18).
async fn order(store: &dyn Store, owner: AccountId, no: &Number) -> Result<Loaded<Order>, Failure> {
    let Some(row) = load::<Order>(store, &key::order(owner, no)).await? else {
        let recharge = load::<Recharge>(store, &key::recharge(owner, no)).await?;
        return Err(if recharge.is_some() { NOT_INVOICEABLE } else { Failure::NotFound });
    };
    if row.value.invoice.is_some() {
        return Err(Failure::Conflict { code: "order-already-invoiced" });
    }
    if row.value.is_invoiceable() { Ok(row) } else { Err(NOT_INVOICEABLE) }
}

fn invalid(reason: InvalidInvoice) -> Failure {
    match reason {
        InvalidInvoice::Count => Failure::Invalid { field: "/orderNos", code: "count-out-of-range" },
        InvalidInvoice::DuplicateOrder => Failure::Invalid { field: "/orderNos", code: "listed-twice" },
        InvalidInvoice::NothingPaid => NOT_INVOICEABLE,
        InvalidInvoice::Overflow(overflow) => Failure::internal(overflow),
    }
}
