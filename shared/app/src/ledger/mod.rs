//! The rows of the money table: their keys, their index attributes, and how they are written exactly once.
//!
//! ```text
//! USER#<owner>  WALLET | LEDGER#<seq> | TX#<no>#<kind> | HOLD#<image no> | COUPON#<id> | ORDER#<no> | RECHARGE#<no> | INVOICE#<no>
//! PAY#<no>      PAYMENT | REFUND          read by the payment's number alone, which is all a provider knows
//! PHOTO#<no>    ORDER                     the one open or paid order of a photo
//! ```
//!
//! All rows of a customer share a partition key, so a number alone cannot read another customer's row (I23). A row holds the
//! domain value under `data`; its other attributes exist only for conditions and indexes. Ledger entries and transactions are
//! written where there is no row yet, and never changed (I28).

mod due;
mod index;
pub mod key;
pub mod photo_lock;
mod record;
mod transaction;

use std::sync::Arc;

use domain::money::Fen;
use domain::money::number::Number;
use domain::money::price::PriceList;
use jiff::Timestamp;

pub use due::{DueReport, due_rows};
pub use index::invoice_by_number;
pub use key::TransactionKind;
pub use record::{Loaded, Stored, load, owner_rows, page};
pub use transaction::{WalletTransaction, transaction_row, user_account};

use crate::clock::Clock;
use crate::failure::Failure;
use crate::random::Random;
use crate::store::{Change, Store, Token};

/// What every use case of money needs.
#[derive(Clone)]
pub struct MoneyContext {
    /// Where all rows are.
    pub store: Arc<dyn Store>,
    /// The time of every decision.
    pub clock: Arc<dyn Clock>,
    /// For numbers, commit tokens and waiting times.
    pub random: Arc<dyn Random>,
    /// What an inspection costs, by date.
    pub prices: PriceList,
}

impl std::fmt::Debug for MoneyContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MoneyContext").field("prices", &self.prices).finish_non_exhaustive()
    }
}

impl MoneyContext {
    /// What one photo costs at `now`.
    ///
    /// # Errors
    ///
    /// [`Failure::Internal`] if no price is in force.
    pub fn price(&self, now: Timestamp) -> Result<Fen, Failure> {
        self.prices.photo_at(now).ok_or_else(|| Failure::internal("no price is in force"))
    }

    /// A new random number for an order, recharge, coupon, hold or invoice.
    pub fn new_number(&self, now: Timestamp) -> Number {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        Number::new(now, u64::from_le_bytes(bytes))
    }

    /// Writes all changes, or none, under a new commit token.
    ///
    /// # Errors
    ///
    /// [`Failure::Raced`] if a condition does not hold; [`Failure::Unavailable`] if the store does not confirm the commit.
    pub async fn commit(&self, now: Timestamp, changes: Vec<Change>) -> Result<(), Failure> {
        let token = Token::from(self.random.ulid(now));
        Ok(self.store.commit(&token, changes).await?)
    }
}
