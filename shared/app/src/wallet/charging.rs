//! What photos cost, for the use cases of photos: a hold where the balance pays, nothing yet where a provider will.

use std::sync::Arc;

use async_trait::async_trait;
use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::order::{Line, Method};
use domain::photo::{ARRIVAL_GRACE, Outcome, TIME_LIMIT};
use jiff::{SignedDuration, Timestamp};

use super::hold;
use crate::books::MoneyContext;
use crate::failure::Failure;
use crate::objects::Objects;
use crate::photos::{Authorisation, Billing, PhotoRow, Photos, Settlement, TICKET_LIFE};

/// Longer than any photo can stay without an end: ticket, late arrival, inspection, and the sweeps that write it down.
pub fn hold_life() -> SignedDuration {
    TICKET_LIFE + ARRIVAL_GRACE + TIME_LIMIT + TIME_LIMIT
}

/// The photo use cases, billed by the ledger of `money`.
pub fn photo_service(money: MoneyContext, objects: Arc<dyn Objects>) -> Photos {
    let (store, clock, random) = (money.store.clone(), money.clock.clone(), money.random.clone());
    Photos { store, objects, clock, random, billing: Arc::new(money) }
}

#[async_trait]
impl Billing for MoneyContext {
    async fn price_fen(&self, now: Timestamp) -> Result<i64, Failure> {
        Ok(self.price(now)?.get())
    }

    async fn authorise(
        &self,
        owner: AccountId,
        number: ImageNumber,
        method: Method,
        now: Timestamp,
    ) -> Result<Authorisation, Failure> {
        if method != Method::Balance {
            return Ok(Authorisation { price_fen: self.price(now)?.get(), changes: Vec::new() });
        }
        let taken = hold::take(self, &owner.to_string(), &number.to_string(), now, now + hold_life()).await?;
        Ok(Authorisation { price_fen: taken.gross.get(), changes: taken.changes })
    }

    /// A hold that nobody ended in time has expired; the photo then waits for its payment like one that a provider pays.
    async fn capture_or_void(
        &self,
        photo: &PhotoRow,
        outcome: Option<Outcome>,
        now: Timestamp,
    ) -> Result<Settlement, Failure> {
        if photo.method != Method::Balance {
            return Ok(Settlement::default());
        }
        let (owner, image_no) = (photo.owner.to_string(), photo.number.to_string());
        let paid = outcome == Some(Outcome::Passed);
        let changes = if paid {
            hold::post(&*self.store, &owner, &image_no, line(photo), now).await
        } else {
            hold::void(&*self.store, &owner, &image_no, now).await
        };
        match changes {
            Ok(changes) => Ok(Settlement { paid, changes }),
            Err(Failure::Conflict { code: hold::RESOLVED }) => Ok(Settlement::default()),
            Err(failure) => Err(failure),
        }
    }
}

/// The photo as an order shows it.
pub fn line(photo: &PhotoRow) -> Line {
    Line {
        image_no: photo.number.to_string(),
        card: photo.card,
        region: format!("{}-{}", photo.region.province(), photo.region.city()),
        price_fen: Fen::new(photo.price_fen),
    }
}
