//! 撤销 and 删除: the customer wants the invoice no more, and its orders are free again.

use domain::Refused;
use domain::invoice::{Invoice, State};
use domain::money::number::Number;
use jiff::Timestamp;

use super::{Invoicing, refused};
use crate::books::{Loaded, key, load};
use crate::failure::Failure;
use crate::store::{Change, Store};
use crate::tries::Tries;

/// As long as nobody has decided (IC-179). Doing it again is doing it once.
pub async fn withdraw(invoicing: &Invoicing, owner: &str, no: &Number) -> Result<Invoice, Failure> {
    end(invoicing, owner, no, |state| matches!(state, State::Withdrawn { .. }), Invoice::withdraw).await
}

/// After it failed (IC-181). The row stays as all rows of money do, and is shown to nobody. Doing it again is doing it once.
pub async fn delete(invoicing: &Invoicing, owner: &str, no: &Number) -> Result<Invoice, Failure> {
    end(invoicing, owner, no, |state| matches!(state, State::Deleted { .. }), Invoice::delete).await
}

async fn end(
    invoicing: &Invoicing,
    owner: &str,
    no: &Number,
    is_done: fn(&State) -> bool,
    act: fn(Invoice, Timestamp) -> Result<Invoice, Refused>,
) -> Result<Invoice, Failure> {
    let money = &invoicing.money;
    let mut tries = Tries::default();
    loop {
        let now = money.clock.now();
        let row = super::read::row(&*money.store, owner, no).await?;
        if is_done(&row.value.state) {
            return Ok(row.value);
        }
        let row = super::read::shown(row)?;
        let ended = act(row.value.clone(), now).map_err(refused)?;
        let mut changes = free_orders(&*money.store, &ended).await?;
        changes.push(row.replace(&ended)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(ended),
            Err(Failure::Raced) => tries.again(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

/// The changes that take the lock of this invoice off its orders.
pub(super) async fn free_orders(store: &dyn Store, invoice: &Invoice) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for item in &invoice.orders {
        let row: Loaded<domain::money::order::Order> = load(store, &key::order(&invoice.owner, &item.order_no))
            .await?
            .ok_or_else(|| Failure::internal("an order of an invoice is gone"))?;
        // The invoice was read before its orders: one that no longer holds them says that somebody ended it meanwhile.
        let free = row.value.clone().free_from(&invoice.no).map_err(|_| Failure::Raced);
        changes.push(row.replace(&free?)?);
    }
    Ok(changes)
}
