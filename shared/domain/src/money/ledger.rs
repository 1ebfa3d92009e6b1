//! The ledger: immutable entries per person, and the balanced transactions behind them.
//!
//! Two views of one movement. A [`Transaction`] is double entry: signed postings over accounts that sum to zero. An [`Entry`] is
//! one person's line: what changed, what is left, chained to the line before by a hash, so that a changed, missing or moved line
//! shows. Nothing here is ever corrected in place; a mistake is repaired by a further transaction.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::fen::{Fen, Overflow};
use super::payment::Provider;

/// Where money is. All but a person's own accounts may be negative: what a provider paid in stands there as a minus.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// What a person may spend.
    User(String),
    /// What one hold keeps aside of a person's money.
    Hold(String),
    /// Fees earned by inspections.
    Revenue,
    /// The part of a fee that a coupon paid.
    CouponExpense,
    Channel(Provider),
    /// Money received that nothing is owed for, until it is returned.
    RefundSuspense,
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Hold(id) => write!(f, "hold:{id}"),
            Self::Revenue => f.write_str("revenue:detect"),
            Self::CouponExpense => f.write_str("expense:coupon"),
            Self::Channel(provider) => write!(f, "channel:{}", provider.code()),
            Self::RefundSuspense => f.write_str("refund:suspense"),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub account: Account,
    /// Positive: the account receives.
    pub amount: Fen,
}

/// Postings that sum to zero; no posting is of nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transaction {
    postings: Vec<Posting>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unbalanced {
    #[error("the postings sum to {} fen instead of zero", .0.get())]
    Sum(Fen),
    #[error(transparent)]
    Overflow(#[from] Overflow),
}

impl Transaction {
    pub fn new(postings: impl IntoIterator<Item = (Account, Fen)>) -> Result<Self, Unbalanced> {
        let postings: Vec<Posting> = postings
            .into_iter()
            .filter(|(_, amount)| !amount.is_zero())
            .map(|(account, amount)| Posting { account, amount })
            .collect();
        let sum = Fen::sum(postings.iter().map(|posting| posting.amount))?;
        if sum.is_zero() { Ok(Self { postings }) } else { Err(Unbalanced::Sum(sum)) }
    }

    /// `amount` leaves `from` and arrives at `to`.
    pub fn transfer(from: Account, to: Account, amount: Fen) -> Result<Self, Unbalanced> {
        Self::new([(from, amount.negated()?), (to, amount)])
    }

    /// An inspection is paid: `net` from where the money is, the rest by a coupon.
    pub fn sale(from: Account, net: Fen, discount: Fen) -> Result<Self, Unbalanced> {
        let gross = net.plus(discount)?;
        Self::new([(from, net.negated()?), (Account::CouponExpense, discount.negated()?), (Account::Revenue, gross)])
    }

    /// The same, taken back.
    pub fn reversed(&self) -> Result<Self, Overflow> {
        let back =
            |posting: &Posting| Ok(Posting { account: posting.account.clone(), amount: posting.amount.negated()? });
        Ok(Self { postings: self.postings.iter().map(back).collect::<Result<_, Overflow>>()? })
    }

    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }
}

/// What a line of the statement is about. Holds and releases move nothing out of the balance and are not shown (IC-172).
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
    pub const ALL: [Self; 5] = [Self::Recharge, Self::Spend, Self::Refund, Self::Hold, Self::Release];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Recharge => "recharge",
            Self::Spend => "spend",
            Self::Refund => "refund",
            Self::Hold => "hold",
            Self::Release => "release",
        }
    }

    /// Whether a person sees it among the transactions.
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Recharge | Self::Spend | Self::Refund)
    }
}

/// One person's line, immutable once written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    pub owner: String,
    /// 1, 2, 3 ... without a gap.
    pub seq: u64,
    pub kind: Kind,
    /// Change of the balance.
    pub amount_fen: Fen,
    /// Change of the part of the balance that is held.
    pub held_fen: Fen,
    pub balance_after_fen: Fen,
    pub held_after_fen: Fen,
    /// The order or recharge it belongs to.
    pub order_no: String,
    pub at: Timestamp,
    /// Hash of the line before; of the owner's name for the first line.
    pub previous: ChainHash,
    pub hash: ChainHash,
}

/// SHA-256 in lower-case hex.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ChainHash(String);

impl ChainHash {
    /// Where a person's chain begins.
    pub fn genesis(owner: &str) -> Self {
        Self::of(&format!("ledger\n{owner}\n"))
    }

    fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Entry {
    /// Hash over everything the line says and the line before.
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

/// What is wrong with a chain, and at which line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("line {0} is missing or out of order")]
    Gap(u64),
    #[error("line {0} does not add up to the line before")]
    Sum(u64),
    #[error("line {0} was changed")]
    Hash(u64),
    #[error("line {0} leaves less than nothing")]
    Negative(u64),
}

/// Checks a whole chain of one person, first line first (I2, I3, I28). Answers the last balance and the last held sum.
pub fn check_chain<'a>(owner: &str, entries: impl IntoIterator<Item = &'a Entry>) -> Result<(Fen, Fen), Broken> {
    let (mut seq, mut balance, mut held, mut head) = (0, Fen::ZERO, Fen::ZERO, ChainHash::genesis(owner));
    for entry in entries {
        seq += 1;
        if entry.seq != seq || entry.owner != owner {
            return Err(Broken::Gap(seq));
        }
        let adds_up = balance.plus(entry.amount_fen) == Ok(entry.balance_after_fen)
            && held.plus(entry.held_fen) == Ok(entry.held_after_fen);
        if !adds_up {
            return Err(Broken::Sum(seq));
        }
        if entry.previous != head || entry.computed_hash() != entry.hash {
            return Err(Broken::Hash(seq));
        }
        (balance, held, head) = (entry.balance_after_fen, entry.held_after_fen, entry.hash.clone());
        if held.is_negative() || balance < held {
            return Err(Broken::Negative(seq));
        }
    }
    Ok((balance, held))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::wallet::{Movement, Wallet};

    fn chain(moves: &[Movement]) -> (Wallet, Vec<Entry>) {
        let mut wallet = Wallet::new("ada");
        let mut entries = Vec::new();
        for (index, movement) in moves.iter().enumerate() {
            let at = Timestamp::from_second(1_700_000_000 + index as i64).unwrap();
            if let Ok((next, entry)) = wallet.clone().apply(*movement, "2024011513365600000001", at) {
                wallet = next;
                entries.push(entry);
            }
        }
        (wallet, entries)
    }

    fn movement() -> impl Strategy<Value = Movement> {
        (0..6_u8, 1..700_i64).prop_map(|(which, fen)| match which {
            0 => Movement::Credit(Fen::new(fen)),
            1 => Movement::Debit(Fen::new(fen)),
            2 => Movement::Hold(Fen::new(fen)),
            3 => Movement::Post(Fen::new(fen)),
            4 => Movement::Release(Fen::new(fen)),
            _ => Movement::Return(Fen::new(fen)),
        })
    }

    proptest! {
        /// Covers: I1, I2, I3
        #[test]
        fn every_chain_adds_up_without_a_gap(moves in prop::collection::vec(movement(), 0..60)) {
            let (wallet, entries) = chain(&moves);
            let sum = Fen::sum(entries.iter().map(|entry| entry.amount_fen)).unwrap();
            prop_assert_eq!(sum, wallet.balance());
            prop_assert_eq!(check_chain("ada", &entries), Ok((wallet.balance(), wallet.held())));
            prop_assert!(!wallet.held().is_negative() && wallet.held() <= wallet.balance());
        }

        /// Covers: I28
        #[test]
        fn a_changed_missing_or_moved_line_shows(
            moves in prop::collection::vec(movement(), 12..60), at in any::<prop::sample::Index>(), how in 0..5_u8,
        ) {
            let (_, mut entries) = chain(&[vec![Movement::Credit(Fen::new(700)); 3], moves].concat());
            let index = at.index(entries.len() - 1);
            match how {
                0 => entries[index].amount_fen = entries[index].amount_fen.plus(Fen::new(1)).unwrap(),
                1 => entries[index].at += jiff::SignedDuration::from_secs(1),
                2 => entries[index].order_no.push('1'),
                3 => { entries.remove(index); }
                _ => entries.swap(index, index + 1),
            }
            prop_assert!(check_chain("ada", &entries).is_err());
        }

        /// Covers: I4
        #[test]
        fn only_postings_that_sum_to_zero_make_a_transaction(net in 0..10_000_i64, discount in 0..10_000_i64, off in -3..=3_i64) {
            let sale = Transaction::sale(Account::Channel(Provider::Wechat), Fen::new(net), Fen::new(discount)).unwrap();
            prop_assert_eq!(Fen::sum(sale.postings().iter().map(|posting| posting.amount)), Ok(Fen::ZERO));
            prop_assert!(sale.postings().iter().all(|posting| !posting.amount.is_zero()));
            let skewed = Transaction::new([(Account::Revenue, Fen::new(net + off)), (Account::User("ada".into()), Fen::new(-net))]);
            prop_assert_eq!(skewed.is_ok(), off == 0);
        }
    }

    /// Covers: I4
    #[test]
    fn a_sale_is_paid_by_the_money_and_the_coupon_and_earned_as_one_fee() {
        let (user, net, discount) = (Account::User("ada".into()), Fen::new(100), Fen::new(50));
        let sale = Transaction::sale(user.clone(), net, discount).unwrap();
        let said = |transaction: &Transaction| -> Vec<(String, i64)> {
            transaction.postings().iter().map(|posting| (posting.account.to_string(), posting.amount.get())).collect()
        };
        let line = |account: &str, fen: i64| (account.to_owned(), fen);
        assert_eq!(said(&sale), [line("user:ada", -100), line("expense:coupon", -50), line("revenue:detect", 150)]);
        let back = sale.reversed().unwrap();
        assert_eq!(said(&back), [line("user:ada", 100), line("expense:coupon", 50), line("revenue:detect", -150)]);
        let paid_in = Transaction::transfer(Account::Channel(Provider::Wechat), user, net).unwrap();
        assert_eq!(said(&paid_in), [line("channel:wechat", -100), line("user:ada", 100)]);
        assert_eq!(Account::Channel(Provider::Alipay).to_string(), "channel:alipay");
        assert_eq!(Account::Hold("1".into()).to_string(), "hold:1");
        assert_eq!(Account::RefundSuspense.to_string(), "refund:suspense");
    }

    /// Covers: IC-172
    #[test]
    fn each_kind_of_line_has_its_code_and_only_moved_money_is_shown() {
        let codes = Kind::ALL.map(|kind| (kind.code(), kind.is_shown()));
        let expected = [("recharge", true), ("spend", true), ("refund", true), ("hold", false), ("release", false)];
        assert_eq!(codes, expected);
        for kind in Kind::ALL {
            assert_eq!(serde_json::to_value(kind).unwrap(), kind.code());
        }
    }

    /// Computed with Python's hashlib: a chain written today is checked by another build.
    ///
    /// Covers: I28
    #[test]
    fn the_hash_of_a_line_is_sha_256_over_what_it_says() {
        let (_, entries) = chain(&[Movement::Credit(Fen::new(150))]);
        assert_eq!(entries[0].previous.as_str(), "46e5738adcc71dfa4f80f14ca07dae5152ad6fcbdd33d96cd5e06cb7d01c9cdf");
        assert_eq!(entries[0].hash.as_str(), "ee50b4e77926ec1031b2601106e9c244e72191411eb220c25bfcf20f966761ed");
    }

    /// Whoever writes lines knows how to hash them: sums are checked beside the hashes.
    ///
    /// Covers: I2, I3
    #[test]
    fn lines_that_are_well_chained_must_still_add_up_and_leave_no_less_than_nothing() {
        let forged = |balance: i64, balance_after: i64, held: i64, held_after: i64| {
            let (_, mut entries) = chain(&[Movement::Credit(Fen::new(150))]);
            let line = &mut entries[0];
            (line.amount_fen, line.balance_after_fen) = (Fen::new(balance), Fen::new(balance_after));
            (line.held_fen, line.held_after_fen) = (Fen::new(held), Fen::new(held_after));
            line.hash = line.computed_hash();
            check_chain("ada", &entries)
        };
        assert_eq!(forged(150, 150, 150, 150), Ok((Fen::new(150), Fen::new(150))));
        assert_eq!(forged(150, 151, 0, 0), Err(Broken::Sum(1)));
        assert_eq!(forged(150, 150, 0, 1), Err(Broken::Sum(1)));
        assert_eq!(forged(150, 150, 151, 151), Err(Broken::Negative(1)), "more is held than there is");
        assert_eq!(forged(150, 150, -1, -1), Err(Broken::Negative(1)));
        assert_eq!(forged(-1, -1, 0, 0), Err(Broken::Negative(1)));
    }

    #[test]
    fn another_persons_chain_does_not_pass_for_ones_own() {
        let (_, entries) = chain(&[Movement::Credit(Fen::new(150))]);
        assert_eq!(check_chain("bob", &entries), Err(Broken::Gap(1)));
    }
}
