//! Moving money: wallet, ledger entry and balanced transaction, as the changes of one commit.

use std::fmt;

use domain::actor::AccountId;
use domain::money::Fen;
use domain::money::ledger::{Account, Transaction};
use domain::money::number::Number;
use domain::money::wallet::{Movement, Wallet, WalletError};
use jiff::Timestamp;
use serde_json::json;

use super::key::{self, TransactionKind};
use super::record::{Loaded, load};
use crate::failure::Failure;
use crate::store::{Change, Row, Store};

/// A unit of work on one wallet: the wallet as it was read, and the movements to commit together.
#[derive(Debug, Clone)]
pub struct WalletTransaction {
    loaded: Loaded<Wallet>,
    wallet: Wallet,
    changes: Vec<Change>,
    /// Sum of all debits and holds.
    spent: Fen,
}

impl WalletTransaction {
    /// Reads the wallet of an account; an account without one has an empty wallet.
    ///
    /// # Errors
    ///
    /// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if the row is malformed.
    pub async fn load(store: &dyn Store, owner: AccountId) -> Result<Self, Failure> {
        let loaded = load(store, &key::wallet(owner)).await?.unwrap_or_else(|| Loaded::new(Wallet::new(owner)));
        Ok(Self { wallet: loaded.value.clone(), loaded, changes: Vec::new(), spent: Fen::ZERO })
    }

    /// Makes a movement: adds its ledger entry, and `transaction` as the one of this kind for the number `no`.
    ///
    /// # Errors
    ///
    /// [`Failure::Short`] if the available balance is too low; [`Failure::Internal`] if the amount is zero, negative or not held.
    pub fn apply(
        &mut self,
        movement: Movement,
        no: &Number,
        kind: TransactionKind,
        transaction: &Transaction,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let (wallet, entry) = self.wallet.clone().apply(movement, no, at).map_err(refused)?;
        if let Movement::Debit(amount) | Movement::Hold(amount) = movement {
            self.spent = self.spent.plus(amount)?;
        }
        self.wallet = wallet;
        self.changes.push(Loaded::new(entry.clone()).replace(&entry)?);
        self.record(no, kind, transaction, at);
        Ok(())
    }

    /// Adds a transaction that does not change the balance.
    pub fn record(&mut self, no: &Number, kind: TransactionKind, transaction: &Transaction, at: Timestamp) {
        self.changes.push(transaction_row(self.wallet.owner(), no, kind, transaction, at));
    }

    /// All changes, for the caller's commit. The wallet's row is guarded twice: by its version, and by the available balance that
    /// it must still have.
    ///
    /// # Errors
    ///
    /// [`Failure::Internal`] if the wallet cannot be serialised.
    pub fn into_changes(self) -> Result<Vec<Change>, Failure> {
        let mut changes = self.changes;
        if self.wallet != self.loaded.value || !self.loaded.is_stored() {
            let mut wallet = self.loaded.replace(&self.wallet)?;
            if self.loaded.is_stored() {
                wallet = wallet.if_at_least("available", self.spent.get());
            }
            changes.push(wallet);
        }
        Ok(changes)
    }
}

fn refused(error: WalletError) -> Failure {
    match error {
        WalletError::InsufficientFunds { available, needed } => {
            Failure::Short { available: available.get(), needed: needed.get() }
        }
        other => Failure::internal(other),
    }
}

/// The row of a transaction. It conflicts if there is one of this kind for the number `no`.
pub fn transaction_row(
    owner: AccountId,
    no: impl fmt::Display,
    kind: TransactionKind,
    transaction: &Transaction,
    at: Timestamp,
) -> Change {
    let postings: Vec<_> = transaction
        .postings()
        .iter()
        .map(|posting| json!({"account": posting.account.to_string(), "fen": posting.amount.get()}))
        .collect();
    let row = Row::from_iter([
        ("postings".to_owned(), postings.into()),
        ("no".to_owned(), no.to_string().into()),
        ("at".to_owned(), at.to_string().into()),
    ]);
    Change::put(key::transaction(owner, no, kind), row).if_absent()
}

/// The account of the double entry that is a customer's available balance.
pub const fn user_account(owner: AccountId) -> Account {
    Account::User(owner)
}
