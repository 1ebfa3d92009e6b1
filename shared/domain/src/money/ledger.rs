//! The ledger: immutable entries per account, and the balanced transactions behind them.
//!
//! Each movement is recorded in two forms. A [`Transaction`] is double entry: signed postings to accounts that sum to zero. An
//! [`Entry`] is one line of a customer's ledger: the change, the balance after it, and the hash of the line before, so that a
//! changed, missing or moved line is detected ([`check_chain`]). Rows are never corrected; a mistake is repaired by a further
//! transaction.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::fen::{Fen, Overflow};
use super::number::Number;
use super::payment::Provider;
use crate::actor::AccountId;

/// An account of the double entry. Only a customer's own accounts are never negative: what a provider collected for us is a
/// negative amount on its channel.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// A customer's available balance.
    User(AccountId),
    /// What one hold reserves, by the hold's number.
    Hold(Number),
    /// Fees earned by inspections.
    Revenue,
    /// The part of the fees that coupons paid.
    CouponExpense,
    /// What a payment provider collected for us and has not refunded.
    Channel(Provider),
    /// Overpayments, until they are refunded.
    RefundSuspense,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Hold(no) => write!(f, "hold:{no}"),
            Self::Revenue => f.write_str("revenue:detect"),
            Self::CouponExpense => f.write_str("expense:coupon"),
            Self::Channel(provider) => write!(f, "channel:{}", provider.code()),
            Self::RefundSuspense => f.write_str("refund:suspense"),
        }
    }
}

/// A change of one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    /// The account that changes.
    pub account: Account,
    /// Positive: the account receives.
    pub amount: Fen,
}

/// Postings that sum to zero; none of them is zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    postings: Vec<Posting>,
}

/// Why postings do not make a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbalanced {
    /// They sum to this amount.
    #[error("the postings sum to {} fen instead of zero", .0.get())]
    Sum(Fen),
    /// Their sum does not fit 64 bits.
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Transaction {
    /// A transaction of these postings; postings of zero are left out.
    ///
    /// # Errors
    ///
    /// [`Unbalanced`] unless the postings sum to zero.
    pub fn new(postings: impl IntoIterator<Item = (Account, Fen)>) -> Result<Self, Unbalanced> {
        let postings: Vec<Posting> = postings
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(account, amount)| Posting { account, amount })
            .collect();
        let sum = Fen::sum(postings.iter().map(|posting| posting.amount))?;
        if sum.is_zero() { Ok(Self { postings }) } else { Err(Unbalanced::Sum(sum)) }
    }

    /// Moves `amount` from one account to another.
    ///
    /// # Errors
    ///
    /// [`Unbalanced::Overflow`] if the amount cannot be negated.
    pub fn transfer(from: Account, to: Account, amount: Fen) -> Result<Self, Unbalanced> {
        Self::new([(from, amount.negated()?), (to, amount)])
    }

    /// The sale of an inspection: `net` comes from the account `from`, `discount` from the coupon expense, both go to revenue.
    ///
    /// # Errors
    ///
    /// [`Unbalanced::Overflow`] if `net` plus `discount` does not fit.
    pub fn sale(from: Account, net: Fen, discount: Fen) -> Result<Self, Unbalanced> {
        let gross = net.plus(discount)?;
        Self::new([(from, net.negated()?), (Account::CouponExpense, discount.negated()?), (Account::Revenue, gross)])
    }

    /// The transaction that undoes this one.
    ///
    /// # Errors
    ///
    /// [`Overflow`] if an amount cannot be negated.
    pub fn reversed(&self) -> Result<Self, Overflow> {
        let back =
            |posting: &Posting| Ok(Posting { account: posting.account.clone(), amount: posting.amount.negated()? });
        Ok(Self { postings: self.postings.iter().map(back).collect::<Result<_, Overflow>>()? })
    }

    /// The postings, in the order in which they were given.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

/// What an entry records. Holds and releases do not change the balance and are not shown to the customer (IC-172).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// 充值
    Recharge,
    /// 消费
    Spend,
    /// 退款
    Refund,
    /// 冻结
    Hold,
    /// 解冻
    Release,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Recharge, Self::Spend, Self::Refund, Self::Hold, Self::Release];

    /// The stored name, also the one in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recharge => "recharge",
            Self::Spend => "spend",
            Self::Refund => "refund",
            Self::Hold => "hold",
            Self::Release => "release",
        }
    }

    /// Whether the customer's list of transactions shows it.
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Recharge | Self::Spend | Self::Refund)
    }
}

/// One line of a customer's ledger, immutable once written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The customer.
    pub owner: AccountId,
    /// 1, 2, 3 ... without a gap.
    pub seq: u64,
    /// What it records.
    pub kind: Kind,
    /// Change of the balance.
    pub amount_fen: Fen,
    /// Change of the held part of the balance.
    pub held_fen: Fen,
    /// The balance after this entry, including the held part.
    pub balance_after_fen: Fen,
    /// The held part after this entry.
    pub held_after_fen: Fen,
    /// The order, hold or recharge that caused it.
    pub order_no: Number,
    /// When it was written.
    pub at: Timestamp,
    /// Hash of the entry before; [`ChainHash::genesis`] for the first entry.
    pub previous: ChainHash,
    /// [`Self::computed_hash`] at the time of writing.
    pub hash: ChainHash,
}

/// A SHA-256 hash in lower-case hexadecimal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChainHash(String);

impl ChainHash {
    /// The hash before the first entry of an account.
    pub fn genesis(owner: AccountId) -> Self {
        Self::of(&format!("ledger\n{owner}\n"))
    }

    fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Entry {
    /// The hash over every field and the hash of the entry before.
    pub fn computed_hash(&self) -> ChainHash {
        ChainHash::of(&format!(
            "{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n{}\n",
            self.previous.0,
            self.owner,
            self.seq,
            self.kind.code(),
            self.amount_fen.get(),
            self.held_fen.get(),
            self.balance_after_fen.get(),
            self.held_after_fen.get(),
            self.order_no,
            self.at,
        ))
    }
}

/// The first defect of a chain; each variant holds the number of the entry, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainError {
    /// An entry is missing, out of order, or another account's.
    #[error("entry {0} is missing or out of order")]
    Gap(u64),
    /// The sums after the entry do not follow from those before.
    #[error("entry {0} does not add up to the entry before")]
    Sum(u64),
    /// The content does not fit the hashes.
    #[error("entry {0} was changed")]
    Hash(u64),
    /// The held part is negative or exceeds the balance.
    #[error("entry {0} leaves a negative amount")]
    Negative(u64),
}

/// Checks the whole chain of one account, first entry first (I2, I3, I28). Returns the last balance and the last held amount.
///
/// # Errors
///
/// [`ChainError`] with the first defect.
pub fn check_chain<'a>(
    owner: AccountId,
    entries: impl IntoIterator<Item = &'a Entry>,
) -> Result<(Fen, Fen), ChainError> {
    let (mut seq, mut balance, mut held, mut head) = (0, Fen::ZERO, Fen::ZERO, ChainHash::genesis(owner));
    for entry in entries {
        seq += 1;
        if entry.seq != seq || entry.owner != owner {
            return Err(ChainError::Gap(seq));
        }
        let adds_up = balance.plus(entry.amount_fen) == Ok(entry.balance_after_fen)
            && held.plus(entry.held_fen) == Ok(entry.held_after_fen);
        if !adds_up {
            return Err(ChainError::Sum(seq));
        }
        if entry.previous != head || entry.computed_hash() != entry.hash {
            return Err(ChainError::Hash(seq));
        }
        (balance, held, head) = (entry.balance_after_fen, entry.held_after_fen, entry.hash.clone());
        if held.is_negative() || balance < held {
            return Err(ChainError::Negative(seq));
        }
    }
    Ok((balance, held))
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
