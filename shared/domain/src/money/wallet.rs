//! A person's balance: what is theirs, and how much of it is held for inspections under way.
//!
//! Every movement makes the next wallet and the ledger line that explains it; neither exists without the other. A hold counts
//! against what may be spent at once, so the second phase (post or release) can never fall short.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::fen::{Fen, Overflow};
use super::ledger::{ChainHash, Entry, Kind};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Wallet {
    owner: String,
    balance_fen: Fen,
    held_fen: Fen,
    /// Number of ledger lines, and the hash of the last.
    seq: u64,
    head: ChainHash,
}

/// One change of a wallet, always of a positive amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Movement {
    /// Money comes in by a recharge.
    Credit(Fen),
    /// Money of a paid order comes back.
    Return(Fen),
    /// An order is paid at once.
    Debit(Fen),
    /// Kept aside for an inspection.
    Hold(Fen),
    /// What was held is spent.
    Post(Fen),
    /// What was held is free again.
    Release(Fen),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum WalletRefused {
    /// 账户余额不足
    #[error("{} fen are available, {} are needed", .available.get(), .needed.get())]
    Short { available: Fen, needed: Fen },
    #[error("less is held than should be resolved")]
    NotHeld,
    #[error("a movement must be of more than nothing")]
    Nothing,
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Wallet {
    pub fn new(owner: impl Into<String>) -> Self {
        let owner = owner.into();
        let head = ChainHash::genesis(&owner);
        Self { owner, balance_fen: Fen::ZERO, held_fen: Fen::ZERO, seq: 0, head }
    }

    pub fn owner(&self) -> &str {
        &self.owner
    }

    pub const fn balance(&self) -> Fen {
        self.balance_fen
    }

    pub const fn held(&self) -> Fen {
        self.held_fen
    }

    pub const fn seq(&self) -> u64 {
        self.seq
    }

    pub const fn head(&self) -> &ChainHash {
        &self.head
    }

    /// What may be spent or held: the balance less what is held.
    pub fn available(&self) -> Fen {
        self.balance_fen.minus(self.held_fen).unwrap_or(Fen::ZERO)
    }

    /// The wallet after `movement`, and its line.
    pub fn apply(self, movement: Movement, order_no: &str, at: Timestamp) -> Result<(Self, Entry), WalletRefused> {
        let (kind, amount, held) = self.changes(movement)?;
        let mut entry = Entry {
            owner: self.owner.clone(),
            seq: self.seq + 1,
            kind,
            amount_fen: amount,
            held_fen: held,
            balance_after_fen: self.balance_fen.plus(amount)?,
            held_after_fen: self.held_fen.plus(held)?,
            order_no: order_no.to_owned(),
            at,
            previous: self.head,
            hash: ChainHash::genesis(&self.owner),
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

    /// Kind of the line, change of the balance, change of the held part.
    fn changes(&self, movement: Movement) -> Result<(Kind, Fen, Fen), WalletRefused> {
        let (Movement::Credit(amount)
        | Movement::Return(amount)
        | Movement::Debit(amount)
        | Movement::Hold(amount)
        | Movement::Post(amount)
        | Movement::Release(amount)) = movement;
        if amount <= Fen::ZERO {
            return Err(WalletRefused::Nothing);
        }
        let minus = amount.negated()?;
        match movement {
            Movement::Debit(_) | Movement::Hold(_) if self.available() < amount => {
                Err(WalletRefused::Short { available: self.available(), needed: amount })
            }
            Movement::Post(_) | Movement::Release(_) if self.held_fen < amount => Err(WalletRefused::NotHeld),
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

    fn after(moves: &[Movement]) -> Result<Wallet, WalletRefused> {
        moves.iter().try_fold(Wallet::new("ada"), |wallet, movement| {
            Ok(wallet.apply(*movement, "2024011513365600000001", Timestamp::UNIX_EPOCH)?.0)
        })
    }

    /// Covers: IC-61
    #[test]
    fn a_hold_lowers_what_may_be_spent_and_the_post_lowers_the_balance() {
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
    fn every_line_is_the_owner_s_and_has_the_next_number() {
        let mut wallet = Wallet::new("ada");
        assert_eq!((wallet.owner(), wallet.seq(), wallet.head()), ("ada", 0, &ChainHash::genesis("ada")));
        for n in 1..=3 {
            let head = wallet.head().clone();
            let (next, line) = wallet.apply(Movement::Credit(Fen::new(150)), "1", Timestamp::UNIX_EPOCH).unwrap();
            assert_eq!((line.seq, line.owner.as_str(), &line.previous), (n, "ada", &head));
            assert_eq!((next.seq(), next.owner(), next.head()), (n, "ada", &line.hash));
            wallet = next;
        }
    }

    /// Covers: IC-60, I2
    #[test]
    fn what_is_held_cannot_be_spent_again() {
        let twice =
            after(&[Movement::Credit(Fen::new(299)), Movement::Hold(Fen::new(150)), Movement::Hold(Fen::new(150))]);
        assert_eq!(twice, Err(WalletRefused::Short { available: Fen::new(149), needed: Fen::new(150) }));
        let debit =
            after(&[Movement::Credit(Fen::new(150)), Movement::Hold(Fen::new(1)), Movement::Debit(Fen::new(150))]);
        assert!(matches!(debit, Err(WalletRefused::Short { .. })));
        assert!(after(&[Movement::Credit(Fen::new(150)), Movement::Debit(Fen::new(150))]).is_ok());
    }

    /// Covers: I30
    #[test]
    fn a_wallet_refuses_nothing_negative_or_too_much() {
        assert_eq!(after(&[Movement::Credit(Fen::ZERO)]), Err(WalletRefused::Nothing));
        assert_eq!(after(&[Movement::Credit(Fen::new(-1))]), Err(WalletRefused::Nothing));
        assert_eq!(after(&[Movement::Post(Fen::new(1))]), Err(WalletRefused::NotHeld));
        let full = after(&[Movement::Credit(Fen::new(i64::MAX)), Movement::Credit(Fen::new(1))]);
        assert_eq!(full, Err(WalletRefused::Overflow(Overflow)));
    }
}
