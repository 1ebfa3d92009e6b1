//! The keys of the money table.

use std::fmt;

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::number::{Number, PaymentNumber};

use crate::store::{Key, Table};

/// Among how many index partitions the wallets are spread.
const WALLET_SHARDS: usize = 16;

/// The partition key of all rows of a customer.
pub fn owner_partition(owner: AccountId) -> String {
    format!("USER#{owner}")
}

/// The wallet of an account.
pub fn wallet(owner: AccountId) -> Key {
    Key::new(Table::Money, owner_partition(owner), "WALLET")
}

/// The ledger entry with sequence number `seq`, counted from 1.
pub fn entry(owner: AccountId, seq: u64) -> Key {
    Key::new(Table::Money, owner_partition(owner), format!("LEDGER#{seq:020}"))
}

/// The transaction of this kind for an order, payment or recharge. There is at most one, so a second write conflicts.
pub fn transaction(owner: AccountId, no: impl fmt::Display, kind: TransactionKind) -> Key {
    Key::new(Table::Money, owner_partition(owner), format!("TX#{no}#{}", kind.code()))
}

/// The hold of a photo; a photo has at most one.
pub fn hold(owner: AccountId, image_no: ImageNumber) -> Key {
    Key::new(Table::Money, owner_partition(owner), format!("HOLD#{image_no}"))
}

/// A coupon of an account.
pub fn coupon(owner: AccountId, id: &Number) -> Key {
    Key::new(Table::Money, owner_partition(owner), format!("COUPON#{id}"))
}

/// An order of an account.
pub fn order(owner: AccountId, no: &Number) -> Key {
    Key::new(Table::Money, owner_partition(owner), format!("ORDER#{no}"))
}

/// A recharge of an account.
pub fn recharge(owner: AccountId, no: &Number) -> Key {
    Key::new(Table::Money, owner_partition(owner), format!("RECHARGE#{no}"))
}

/// An invoice of an account.
pub fn invoice(owner: AccountId, no: &Number) -> Key {
    Key::new(Table::Money, owner_partition(owner), format!("INVOICE#{no}"))
}

/// A payment, by its number alone.
pub fn payment(no: &PaymentNumber) -> Key {
    Key::new(Table::Money, format!("PAY#{no}"), "PAYMENT")
}

/// The refund of a payment, by the payment's number alone.
pub fn refund(payment_no: &PaymentNumber) -> Key {
    Key::new(Table::Money, format!("PAY#{payment_no}"), "REFUND")
}

/// The lock of a photo, see [`super::photo_lock`].
pub fn photo(image_no: ImageNumber) -> Key {
    Key::new(Table::Money, format!("PHOTO#{image_no}"), "ORDER")
}

/// The index partition in which an account's wallet is listed. It is derived from the text of the account's id.
pub fn wallet_shard(owner: AccountId) -> String {
    shard_name(owner.to_string().bytes().map(usize::from).sum::<usize>() % WALLET_SHARDS)
}

/// All index partitions of wallets. Together they list every wallet, without a scan of the table.
pub fn wallet_shards() -> impl Iterator<Item = String> {
    (0..WALLET_SHARDS).map(shard_name)
}

fn shard_name(n: usize) -> String {
    format!("wallets#{n:02}")
}

/// What a transaction records. Together with the number of its order, payment or recharge it is the transaction's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransactionKind {
    /// A recharge was paid.
    Credit,
    /// Money was held for an inspection.
    Hold,
    /// A hold was released.
    Release,
    /// An order was paid.
    Sale,
    /// A payment or an order was refunded.
    Refund,
    /// A payment arrived that was not needed. Stored as `surplus`.
    Overpayment,
}

impl TransactionKind {
    /// The name in the transaction's key.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Credit => "credit",
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Sale => "sale",
            Self::Refund => "refund",
            Self::Overpayment => "surplus",
        }
    }
}
