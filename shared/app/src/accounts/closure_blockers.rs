//! What blocks the closing of an account.

use domain::actor::AccountId;
use domain::invoice::{self, Invoice};
use domain::money::order::{self, Order};
use domain::money::recharge::{self, Recharge};
use domain::money::wallet::Wallet;

use super::rows::AccountRow;
use crate::failure::Failure;
use crate::ledger::{Loaded, Stored, key, load, owner_rows, page};
use crate::store::Store;

/// The stable code of the first blocker, e.g. `account-has-balance`; `None` when the account can be closed.
pub(super) async fn first_closure_blocker(
    store: &dyn Store,
    account: &AccountRow,
) -> Result<Option<&'static str>, Failure> {
    if account.is_staff() {
        return Ok(Some("account-has-roles"));
    }
    let owner = account.id;
    let wallet: Option<Loaded<Wallet>> = load(store, &key::wallet(owner)).await?;
    // Held money is part of the balance until the hold is captured or voided.
    if wallet.is_some_and(|wallet| !wallet.value.balance().is_zero()) {
        return Ok(Some("account-has-balance"));
    }
    let open =
        |order: &Order| matches!(order.state, order::State::AwaitingPayment { .. } | order::State::Refunding { .. });
    let paying = |recharge: &Recharge| matches!(recharge.state, recharge::State::Requested { .. });
    if any(store, owner, "ORDER#", open).await? || any(store, owner, "RECHARGE#", paying).await? {
        return Ok(Some("account-has-open-orders"));
    }
    // A decision or a document is still to be sent to the account's owner.
    let running = |invoice: &Invoice| {
        matches!(
            invoice.state,
            invoice::State::Applied { .. } | invoice::State::Issuing { .. } | invoice::State::Reversing { .. }
        )
    };
    if any(store, owner, "INVOICE#", running).await? {
        return Ok(Some("account-has-open-invoices"));
    }
    Ok(None)
}

async fn any<T: Stored>(
    store: &dyn Store,
    owner: AccountId,
    prefix: &str,
    blocks: impl Fn(&T) -> bool + Send,
) -> Result<bool, Failure> {
    let mut query = owner_rows(owner, prefix).descending();
    loop {
        let (found, next) = page::<T>(store, &query).await?;
        if found.iter().any(|row| blocks(&row.value)) {
            return Ok(true);
        }
        match next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(false),
        }
    }
}
