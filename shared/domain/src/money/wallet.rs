//! A customer's wallet: the balance, and how much of it is held for inspections under way.
//!
//! Every movement produces the next wallet and the ledger entry that explains it; neither exists without the other. A hold reduces
//! the available balance at once, so its second phase (post or release) always finds its money.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fen::{Fen, Overflow};
use super::ledger::{ChainHash, Entry, Kind};
use super::number::Number;
use crate::actor::AccountId;

/// The wallet of one account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wallet {
    owner: AccountId,
    balance_fen: Fen,
    held_fen: Fen,
    /// Number of ledger entries.
    seq: u64,
    /// Hash of the last ledger entry.
    head: ChainHash,
}

/// A change of a wallet, always by a positive amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// A recharge adds to the balance.
    Credit(Fen),
    /// The refund of an order adds to the balance.
    Return(Fen),
    /// An order is paid from the available balance.
    Debit(Fen),
    /// A part of the available balance is reserved for an inspection.
    Hold(Fen),
    /// A held amount is spent.
    Post(Fen),
    /// A held amount becomes available again.
    Release(Fen),
}

/// Why a wallet does not make a movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WalletError {
    /// 账户余额不足
    #[error("{} fen are available, {} are needed", .available.get(), .needed.get())]
    InsufficientFunds {
        /// The available balance.
        available: Fen,
        /// The amount of the movement.
        needed: Fen,
    },
    /// The amount to post or release exceeds what is held.
    #[error("the amount exceeds what is held")]
    NotHeld,
    /// The amount is zero or negative.
    #[error("a movement must be of a positive amount")]
    NotPositive,
    /// The new balance does not fit 64 bits.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Wallet {
    /// An empty wallet.
    pub fn new(owner: AccountId) -> Self {
        Self { owner, balance_fen: Fen::ZERO, held_fen: Fen::ZERO, seq: 0, head: ChainHash::genesis(owner) }
    }

    /// The account it belongs to.
    pub const fn owner(&self) -> AccountId {
        self.owner
    }

    /// All money in the wallet, including the held part.
    pub const fn balance(&self) -> Fen {
        self.balance_fen
    }

    /// The part of the balance that is held for inspections.
    pub const fn held(&self) -> Fen {
        self.held_fen
    }

    /// How many ledger entries the wallet has.
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// Hash of the last ledger entry.
    pub const fn head(&self) -> &ChainHash {
        &self.head
    }

    /// What can be spent or held: the balance less the held part.
    pub fn available(&self) -> Fen {
        self.balance_fen.minus(self.held_fen).unwrap_or(Fen::ZERO)
    }

    /// Makes a movement for the order, hold or recharge `order_no`; returns the new wallet and its ledger entry.
    ///
    /// # Errors
    ///
    /// [`WalletError`] if the amount is not positive, not available, not held, or does not fit.
    pub fn apply(self, movement: Movement, order_no: &Number, at: Timestamp) -> Result<(Self, Entry), WalletError> {
        let (kind, amount, held) = self.changes(movement)?;
        let mut entry = Entry {
            owner: self.owner,
            seq: self.seq + 1,
            kind,
            amount_fen: amount,
            held_fen: held,
            balance_after_fen: self.balance_fen.plus(amount)?,
            held_after_fen: self.held_fen.plus(held)?,
            order_no: order_no.clone(),
            at,
            previous: self.head,
            hash: ChainHash::genesis(self.owner),
        };
        entry.hash = entry.computed_hash();
        let next = Self {
            owner: self.owner,
            balance_fen: entry.balance_after_fen,
            held_fen: entry.held_after_fen,
            seq: entry.seq,
            head: entry.hash.clone(),
        };
        Ok((next, entry))
    }

    /// Kind of the entry, change of the balance, change of the held part.
    fn changes(&self, movement: Movement) -> Result<(Kind, Fen, Fen), WalletError> {
        let (Movement::Credit(amount)
        | Movement::Return(amount)
        | Movement::Debit(amount)
        | Movement::Hold(amount)
        | Movement::Post(amount)
        | Movement::Release(amount)) = movement;
        if amount <= Fen::ZERO {
            return Err(WalletError::NotPositive);
        }
        let minus = amount.negated()?;
        match movement {
            Movement::Debit(_) | Movement::Hold(_) if self.available() < amount => {
                Err(WalletError::InsufficientFunds { available: self.available(), needed: amount })
            }
            Movement::Post(_) | Movement::Release(_) if self.held_fen < amount => Err(WalletError::NotHeld),
            Movement::Credit(_) => Ok((Kind::Recharge, amount, Fen::ZERO)),
            Movement::Return(_) => Ok((Kind::Refund, amount, Fen::ZERO)),
            Movement::Debit(_) => Ok((Kind::Spend, minus, Fen::ZERO)),
            Movement::Hold(_) => Ok((Kind::Hold, Fen::ZERO, amount)),
            Movement::Post(_) => Ok((Kind::Spend, minus, minus)),
            Movement::Release(_) => Ok((Kind::Release, Fen::ZERO, minus)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner() -> AccountId {
        AccountId(ulid::Ulid::from_parts(1, 7))
    }

    fn number() -> Number {
        "2024011513365600000001".parse().unwrap()
    }

    fn after(moves: &[Movement]) -> Result<Wallet, WalletError> {
        moves.iter().try_fold(Wallet::new(owner()), |wallet, movement| {
            Ok(wallet.apply(*movement, &number(), Timestamp::UNIX_EPOCH)?.0)
        })
    }

    /// Covers: IC-61
    #[test]
    fn hold_lowers_the_available_amount_and_post_lowers_the_balance() {
        let credit = Movement::Credit(Fen::new(55_884));
        let held = after(&[credit, Movement::Hold(Fen::new(150))]).unwrap();
        assert_eq!((held.balance().get(), held.available().get()), (55_884, 55_734));
        let posted = after(&[credit, Movement::Hold(Fen::new(150)), Movement::Post(Fen::new(150))]).unwrap();
        assert_eq!((posted.balance().get(), posted.available().get()), (55_734, 55_734));
        let voided = after(&[credit, Movement::Hold(Fen::new(150)), Movement::Release(Fen::new(150))]).unwrap();
        assert_eq!((voided.balance().get(), voided.available().get()), (55_884, 55_884));
    }

    /// Covers: I3
    #[test]
    fn each_entry_has_the_wallet_owner_and_the_next_sequence_number() {
        let mut wallet = Wallet::new(owner());
        assert_eq!((wallet.owner(), wallet.seq(), wallet.head()), (owner(), 0, &ChainHash::genesis(owner())));
        for n in 1..=3 {
            let head = wallet.head().clone();
            let (next, line) = wallet.apply(Movement::Credit(Fen::new(150)), &number(), Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!((line.seq, line.owner, &line.previous), (n, owner(), &head));
            assert_eq!((next.seq(), next.owner(), next.head()), (n, owner(), &line.hash));
            wallet = next;
        }
    }

    /// Covers: IC-60, I2
    #[test]
    fn held_amount_cannot_be_spent_or_held_again() {
        let twice =
            after(&[Movement::Credit(Fen::new(299)), Movement::Hold(Fen::new(150)), Movement::Hold(Fen::new(150))]);
        assert_eq!(twice, Err(WalletError::InsufficientFunds { available: Fen::new(149), needed: Fen::new(150) }));
        let debit =
            after(&[Movement::Credit(Fen::new(150)), Movement::Hold(Fen::new(1)), Movement::Debit(Fen::new(150))]);
        assert!(matches!(debit, Err(WalletError::InsufficientFunds { .. })));
        assert!(after(&[Movement::Credit(Fen::new(150)), Movement::Debit(Fen::new(150))]).is_ok());
    }

    /// Covers: I30
    #[test]
    fn movement_of_zero_a_negative_or_an_overflowing_amount_is_refused() {
        assert_eq!(after(&[Movement::Credit(Fen::ZERO)]), Err(WalletError::NotPositive));
        assert_eq!(after(&[Movement::Credit(Fen::new(-1))]), Err(WalletError::NotPositive));
        assert_eq!(after(&[Movement::Post(Fen::new(1))]), Err(WalletError::NotHeld));
        let full = after(&[Movement::Credit(Fen::new(i64::MAX)), Movement::Credit(Fen::new(1))]);
        assert_eq!(full, Err(WalletError::Overflow(Overflow)));
    }
}
