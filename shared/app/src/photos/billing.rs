//! The port through which photos are paid for.

use async_trait::async_trait;
use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::order::Method;
use domain::photo::Outcome;
use jiff::Timestamp;

use super::PhotoRow;
use crate::failure::Failure;
use crate::store::Change;

/// What a photo costs, and the changes to the money table that belong to its submission and to its end.
///
/// The returned changes are written in the photo's own commit. When that commit meets a conflict, the photo use case
/// calls the method again and uses the new changes.
#[async_trait]
pub trait Billing: Send + Sync {
    /// The price of a photo that passes, in fen.
    ///
    /// # Errors
    ///
    /// `Internal` if no price is in force at `now`.
    async fn price_fen(&self, now: Timestamp) -> Result<i64, Failure>;

    /// The price of photo `number`, and a hold of that amount if `method` takes one.
    ///
    /// # Errors
    ///
    /// `Short` if the balance of `owner` does not cover the price; whatever the store reports.
    async fn authorise(
        &self,
        owner: AccountId,
        number: ImageNumber,
        method: Method,
        now: Timestamp,
    ) -> Result<Authorisation, Failure>;

    /// Captures the hold of `photo` if `outcome` is `Passed`, otherwise voids it. An `outcome` of `None` means that the
    /// inspection timed out or that the upload ticket expired unused.
    ///
    /// # Errors
    ///
    /// Whatever the store reports.
    async fn capture_or_void(
        &self,
        photo: &PhotoRow,
        outcome: Option<Outcome>,
        now: Timestamp,
    ) -> Result<Settlement, Failure>;
}

/// The answer of [`Billing::authorise`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Authorisation {
    /// The price, frozen for this photo.
    pub price_fen: i64,
    /// The hold; empty if the method takes none.
    pub changes: Vec<Change>,
}

/// The answer of [`Billing::capture_or_void`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settlement {
    /// The hold was captured: a photo that passed is paid at once.
    pub paid: bool,
    /// The end of the hold; empty if there was none.
    pub changes: Vec<Change>,
}
