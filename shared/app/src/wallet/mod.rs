//! A customer's wallet: balance, ledger entries, and the money held while a photo is inspected.

mod billing;
pub mod check;
pub mod hold;
pub mod statement;

use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::wallet::Wallet;

pub use billing::{hold_life, order_line, photo_service};

use crate::failure::Failure;
use crate::ledger::{key, load};
use crate::store::Store;

/// The sums of a wallet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// All money in the wallet, including the held part.
    pub balance: Fen,
    /// The part that is held for inspections under way.
    pub held: Fen,
    /// What can be spent now.
    pub available: Fen,
}

/// The sums of an account's wallet; all zero for an account without one.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if the row is malformed.
pub async fn balance(store: &dyn Store, owner: AccountId) -> Result<Balance, Failure> {
    let wallet = load(store, &key::wallet(owner)).await?.map_or_else(|| Wallet::new(owner), |row| row.value);
    Ok(Balance { balance: wallet.balance(), held: wallet.held(), available: wallet.available() })
}
