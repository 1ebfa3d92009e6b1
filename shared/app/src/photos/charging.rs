//! What a photo costs, and what is written when it is submitted and when it has ended.

use async_trait::async_trait;
use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::order::Method;
use domain::photo::Outcome;
use jiff::Timestamp;

use super::PhotoRow;
use crate::failure::Failure;
use crate::store::Change;

/// Changes that join the photo's own commit. When that commit is refused they are asked for again.
#[async_trait]
pub trait Charging: Send + Sync {
    /// What a photo that passes costs now, in fen.
    async fn price_fen(&self, now: Timestamp) -> Result<i64, Failure>;

    /// The price, and a hold where the method takes one. Refuses a submission that cannot be paid for.
    async fn at_submission(
        &self,
        owner: AccountId,
        number: ImageNumber,
        method: Method,
        now: Timestamp,
    ) -> Result<Charge, Failure>;

    /// The hold's end: taken for a photo that passed, released for every other. `None`: it timed out or its ticket lapsed.
    async fn at_end(&self, photo: &PhotoRow, outcome: Option<Outcome>, now: Timestamp) -> Result<Settlement, Failure>;
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Charge {
    pub price_fen: i64,
    pub changes: Vec<Change>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settlement {
    /// The price was taken: the photo is paid for as soon as it has passed.
    pub paid: bool,
    pub changes: Vec<Change>,
}

/// Photos that cost nothing: for a house without a money.
#[derive(Debug, Clone, Copy, Default)]
pub struct Free;

#[async_trait]
impl Charging for Free {
    async fn price_fen(&self, _: Timestamp) -> Result<i64, Failure> {
        Ok(0)
    }

    async fn at_submission(&self, _: AccountId, _: ImageNumber, _: Method, _: Timestamp) -> Result<Charge, Failure> {
        Ok(Charge::default())
    }

    async fn at_end(&self, _: &PhotoRow, outcome: Option<Outcome>, _: Timestamp) -> Result<Settlement, Failure> {
        Ok(Settlement { paid: outcome == Some(Outcome::Passed), changes: Vec::new() })
    }
}
