//! The changes by which a recharge is credited.

use domain::money::ledger::{Account, Transaction};
use domain::money::number::Number;
use domain::money::payment::Payment;
use domain::money::recharge::{Recharge, State};
use domain::money::wallet::Movement;
use jiff::Timestamp;

use crate::failure::Failure;
use crate::ledger::{Loaded, TransactionKind, WalletTransaction, key, load, user_account};
use crate::store::{Change, Store};

/// Whether the recharge waits for its payment.
pub(crate) async fn awaits(store: &dyn Store, no: &Number, payment: &Payment) -> Result<bool, Failure> {
    let recharge = load::<Recharge>(store, &key::recharge(payment.owner, no)).await?;
    Ok(recharge.is_some_and(|row| matches!(row.value.state, State::Requested { .. })))
}

/// The changes by which a confirmed payment credits the recharge; `None` if it is credited already.
pub(crate) async fn settle(
    store: &dyn Store,
    no: &Number,
    payment: &Payment,
    now: Timestamp,
) -> Result<Option<Vec<Change>>, Failure> {
    let row: Loaded<Recharge> = load(store, &key::recharge(payment.owner, no)).await?.ok_or(Failure::NotFound)?;
    let Ok(credited) = row.value.clone().credit(payment.no.clone(), now) else { return Ok(None) };
    if row.value.amount_fen != payment.amount_fen {
        return Err(Failure::internal("the amounts of a recharge and its payment differ"));
    }
    let (channel, user) = (Account::Channel(payment.provider), user_account(payment.owner));
    let moved = Transaction::transfer(channel, user, payment.amount_fen)?;
    let mut wallet = WalletTransaction::load(store, payment.owner).await?;
    wallet.apply(Movement::Credit(payment.amount_fen), no, TransactionKind::Credit, &moved, now)?;
    let mut changes = wallet.into_changes()?;
    changes.push(row.replace(&credited)?);
    Ok(Some(changes))
}
