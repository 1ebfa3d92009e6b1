//! 发票申请.

use domain::invoice::{BadInvoice, Details, Invoice, Item, ORDERS_MAX};
use domain::money::number::Number;
use domain::money::order::Order;
use domain::money::recharge::Recharge;
use jiff::Timestamp;

use super::Invoicing;
use crate::books::{Loaded, key, load};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::store::{Change, Store};
use crate::tries::Tries;

#[derive(Debug, Clone)]
pub struct Apply {
    pub order_nos: Vec<Number>,
    pub details: Details,
}

/// Asks for one invoice over paid orders of photos. The amount is what was really paid for them, read here and frozen (IC-136).
pub async fn apply(invoicing: &Invoicing, owner: &str, wish: &Apply, command: &Command) -> Result<Invoice, Failure> {
    if wish.order_nos.is_empty() || wish.order_nos.len() > ORDERS_MAX {
        return Err(bad(BadInvoice::Count));
    }
    let money = &invoicing.money;
    let mut tries = Tries::default();
    loop {
        let now = money.clock.now();
        if let Some(done) = command.answer(&*money.store, now).await? {
            return Ok(done);
        }
        let (invoice, mut changes) = decide(invoicing, owner, wish, now).await?;
        changes.push(command.record(&invoice, now)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(invoice),
            Err(Failure::Raced) => tries.again(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

async fn decide(
    invoicing: &Invoicing,
    owner: &str,
    wish: &Apply,
    now: Timestamp,
) -> Result<(Invoice, Vec<Change>), Failure> {
    let store = &*invoicing.money.store;
    let no = invoicing.money.number(now);
    let (mut items, mut orders) = (Vec::new(), Vec::new());
    for order_no in &wish.order_nos {
        let row = order(store, owner, order_no).await?;
        items.push(Item { order_no: order_no.clone(), amount_fen: row.value.payable() });
        orders.push(row);
    }
    let invoice = Invoice::apply(no.clone(), owner.to_owned(), wish.details.clone(), items, now).map_err(bad)?;
    let mut changes = vec![Loaded::new(invoice.clone()).replace(&invoice)?];
    for row in orders {
        let taken = row.value.clone().take_into(no.clone()).map_err(|_| NOT_INVOICEABLE)?;
        changes.push(row.replace(&taken)?);
    }
    Ok((invoice, changes))
}

const NOT_INVOICEABLE: Failure = Failure::Conflict { code: "order-not-invoiceable" };

/// A paid order of photos that stands in no live invoice. Recharged money is invoiced when it is spent, never twice (IC-143, A-18).
async fn order(store: &dyn Store, owner: &str, no: &Number) -> Result<Loaded<Order>, Failure> {
    let Some(row) = load::<Order>(store, &key::order(owner, no)).await? else {
        let recharge = load::<Recharge>(store, &key::recharge(owner, no)).await?;
        return Err(if recharge.is_some() { NOT_INVOICEABLE } else { Failure::NotFound });
    };
    if row.value.invoice.is_some() {
        return Err(Failure::Conflict { code: "order-already-invoiced" });
    }
    if row.value.is_invoiceable() { Ok(row) } else { Err(NOT_INVOICEABLE) }
}

fn bad(bad: BadInvoice) -> Failure {
    match bad {
        BadInvoice::Count => Failure::Invalid { field: "/orderNos", code: "count-out-of-range" },
        BadInvoice::Twice => Failure::Invalid { field: "/orderNos", code: "listed-twice" },
        BadInvoice::Nothing => NOT_INVOICEABLE,
        BadInvoice::Overflow(overflow) => Failure::internal(overflow),
    }
}
