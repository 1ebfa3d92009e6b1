//! The rows of the money table: where each lives, how it is read, how it is written exactly once.
//!
//! ```text
//! USER#<owner>  WALLET | LEDGER#<seq> | TX#<no>#<what> | HOLD#<image no> | COUPON#<id> | ORDER#<no> | RECHARGE#<no> | INVOICE#<no>
//! PAY#<no>      PAYMENT | REFUND          what a provider knows only by its own number
//! PHOTO#<no>    ORDER                     the one open or paid order of a photo
//! ```
//!
//! All that is one person's stands in one partition, so nobody can name another's row by its number alone (I23). A row holds the
//! domain's value under `data`; beside it stand only what conditions and indexes read. Ledger lines and transactions are put
//! where nothing is and never touched again (I28).

mod rows;
mod wallet;

use std::sync::Arc;

use domain::money::Fen;
use domain::money::number::Number;
use domain::money::price::PriceList;
use jiff::Timestamp;

pub use rows::{Loaded, Stored, invoice_named, key, load, of_person, page, photo_lock};
pub use wallet::{Books, transaction, user};

use crate::clock::Clock;
use crate::failure::Failure;
use crate::random::Random;
use crate::store::{Change, Store, Token};

/// What every use case of money needs.
#[derive(Clone)]
pub struct MoneyContext {
    pub store: Arc<dyn Store>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub prices: PriceList,
}

impl std::fmt::Debug for MoneyContext {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MoneyContext").field("prices", &self.prices).finish_non_exhaustive()
    }
}

impl MoneyContext {
    /// What one photo costs at `now`.
    pub fn price(&self, now: Timestamp) -> Result<Fen, Failure> {
        self.prices.photo_at(now).ok_or_else(|| Failure::internal("no price is in force"))
    }

    pub fn number(&self, now: Timestamp) -> Number {
        let mut chance = [0; 8];
        self.random.fill(&mut chance);
        Number::new(now, u64::from_le_bytes(chance))
    }

    pub async fn commit(&self, now: Timestamp, changes: Vec<Change>) -> Result<(), Failure> {
        let token = Token::from(self.random.ulid(now));
        Ok(self.store.commit(&token, changes).await?)
    }
}
