//! What a person owns: the balance, its ledger, and money held while a photo is inspected.

mod charging;
pub mod check;
pub mod hold;
pub mod statement;

pub use charging::{hold_life, line, photo_service};
use domain::money::Fen;
use domain::money::wallet::Wallet;

use crate::books::{key, load};
use crate::failure::Failure;
use crate::store::Store;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    pub balance: Fen,
    pub held: Fen,
    /// What may be spent now.
    pub available: Fen,
}

pub async fn balance(store: &dyn Store, owner: &str) -> Result<Balance, Failure> {
    let wallet = load(store, &key::wallet(owner)).await?.map_or_else(|| Wallet::new(owner), |row| row.value);
    Ok(Balance { balance: wallet.balance(), held: wallet.held(), available: wallet.available() })
}
