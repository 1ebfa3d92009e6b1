//! 撤销 and 删除: the customer withdraws or deletes an application, which releases its orders.

use domain::Refused;
use domain::actor::AccountId;
use domain::invoice::{Invoice, State};
use domain::money::number::Number;
use jiff::Timestamp;

use super::{InvoiceService, refused};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::ledger::{Loaded, key, load};
use crate::store::{Change, Store};

/// Withdraws the application `no` while it waits for a decision (IC-179). A repeated call changes nothing.
///
/// # Errors
///
/// - `NotFound` if `owner` has no such invoice.
/// - `Conflict` with `invoice-being-issued` or `invoice-not-withdrawable`.
/// - `Unavailable` or `Internal` from the store.
pub async fn withdraw(invoicing: &InvoiceService, owner: AccountId, no: &Number) -> Result<Invoice, Failure> {
    release(invoicing, owner, no, |state| matches!(state, State::Withdrawn { .. }), Invoice::withdraw).await
}

/// Deletes the failed application `no` (IC-181). The row stays, as all rows of the ledger do, but is hidden. A repeated
/// call changes nothing.
///
/// # Errors
///
/// - `NotFound` if `owner` has no such invoice.
/// - `Conflict` with `invoice-not-deletable`.
/// - `Unavailable` or `Internal` from the store.
pub async fn delete(invoicing: &InvoiceService, owner: AccountId, no: &Number) -> Result<Invoice, Failure> {
    release(invoicing, owner, no, |state| matches!(state, State::Deleted { .. }), Invoice::delete).await
}

/// Applies `event` to the invoice and releases its orders, unless `is_done` says that it happened before.
async fn release(
    invoicing: &InvoiceService,
    owner: AccountId,
    no: &Number,
    is_done: fn(&State) -> bool,
    event: fn(Invoice, Timestamp) -> Result<Invoice, Refused>,
) -> Result<Invoice, Failure> {
    let money = &invoicing.money;
    let mut backoff = Backoff::default();
    loop {
        let now = money.clock.now();
        let row = super::read::row(&*money.store, owner, no).await?;
        if is_done(&row.value.state) {
            return Ok(row.value);
        }
        let row = super::read::not_deleted(row)?;
        let ended = event(row.value.clone(), now).map_err(refused)?;
        let mut changes = release_orders(&*money.store, &ended).await?;
        changes.push(row.replace(&ended)?);
        match money.commit(now, changes).await {
            Ok(()) => return Ok(ended),
            Err(Failure::Raced) => backoff.wait(&*money.random).await?,
            Err(failure) => return Err(failure),
        }
    }
}

/// The changes that unlock the orders of this invoice.
pub(super) async fn release_orders(store: &dyn Store, invoice: &Invoice) -> Result<Vec<Change>, Failure> {
    let mut changes = Vec::new();
    for item in &invoice.orders {
        let row: Loaded<domain::money::order::Order> =
            load(store, &key::order(invoice.owner, &item.order_no))
                .await?
                .ok_or_else(|| Failure::internal("an order of the invoice does not exist"))?;
        // The invoice was read before its orders. An order that is not locked means that the invoice ended in between.
        let released = row.value.clone().remove_from_invoice(&invoice.no).map_err(|_| Failure::Raced)?;
        changes.push(row.replace(&released)?);
    }
    Ok(changes)
}
