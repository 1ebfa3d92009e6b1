//! Moving money: the wallet, its ledger line and the balanced transaction, as changes of one commit.

use domain::money::Fen;
use domain::money::ledger::{Account, Transaction};
use domain::money::wallet::{Movement, Wallet, WalletRefused};
use jiff::Timestamp;
use serde_json::json;

use super::rows::{Loaded, key, load};
use crate::failure::Failure;
use crate::store::{Change, Row, Store};

const LISTS: usize = 16;

/// Which of the lists of wallets a person's stands in.
pub(super) fn list_of(owner: &str) -> String {
    list(owner.bytes().map(usize::from).sum::<usize>() % LISTS)
}

fn list(n: usize) -> String {
    format!("wallets#{n:02}")
}

/// One person's money as it was read, and what a use case means to do with it.
#[derive(Debug, Clone)]
pub struct Books {
    was: Loaded<Wallet>,
    pub wallet: Wallet,
    lines: Vec<Change>,
    spent: Fen,
}

impl Books {
    pub async fn of(store: &dyn Store, owner: &str) -> Result<Self, Failure> {
        let was = load(store, &key::wallet(owner)).await?.unwrap_or_else(|| Loaded::new(Wallet::new(owner)));
        Ok(Self { wallet: was.value.clone(), was, lines: Vec::new(), spent: Fen::ZERO })
    }

    /// The names of all lists of wallets.
    pub fn lists() -> impl Iterator<Item = String> {
        (0..LISTS).map(list)
    }

    /// Moves money and notes why: one ledger line and the transaction `what` of `no`. Nothing happens to an amount of zero.
    pub fn apply(
        &mut self,
        movement: Movement,
        no: &str,
        what: &str,
        moved: &Transaction,
        at: Timestamp,
    ) -> Result<(), Failure> {
        let owner = self.wallet.owner().to_owned();
        let (wallet, entry) = self.wallet.clone().apply(movement, no, at).map_err(refused)?;
        if let Movement::Debit(amount) | Movement::Hold(amount) = movement {
            self.spent = self.spent.plus(amount)?;
        }
        self.wallet = wallet;
        self.lines.push(Loaded::new(entry.clone()).replace(&entry)?);
        self.note(&owner, no, what, moved, at);
        Ok(())
    }

    /// A transaction that does not touch the balance.
    pub fn note(&mut self, owner: &str, no: &str, what: &str, moved: &Transaction, at: Timestamp) {
        self.lines.push(transaction(owner, no, what, moved, at));
    }

    /// The changes; the wallet's own row says twice that the money is there: by its version and by what is available.
    pub fn changes(self) -> Result<Vec<Change>, Failure> {
        let mut changes = self.lines;
        if self.wallet != self.was.value || !self.was.is_stored() {
            let mut wallet = self.was.replace(&self.wallet)?;
            if self.was.is_stored() {
                wallet = wallet.if_at_least("available", self.spent.get());
            }
            changes.push(wallet);
        }
        Ok(changes)
    }
}

fn refused(refused: WalletRefused) -> Failure {
    match refused {
        WalletRefused::Short { available, needed } => {
            Failure::Short { available: available.get(), needed: needed.get() }
        }
        other => Failure::internal(other),
    }
}

/// The row of a balanced transaction, put where none is.
pub fn transaction(owner: &str, no: &str, what: &str, moved: &Transaction, at: Timestamp) -> Change {
    let postings: Vec<_> = moved
        .postings()
        .iter()
        .map(|posting| json!({"account": posting.account.to_string(), "fen": posting.amount.get()}))
        .collect();
    let row = Row::from_iter([
        ("postings".to_owned(), postings.into()),
        ("no".to_owned(), no.into()),
        ("at".to_owned(), at.to_string().into()),
    ]);
    Change::put(key::transaction(owner, no, what), row).if_absent()
}

/// A person's own account in the double entry.
pub fn user(owner: &str) -> Account {
    Account::User(owner.to_owned())
}
