//! What photos cost: a hold if the balance pays; nothing yet if a provider will be paid after the inspection.

use std::sync::Arc;

use async_trait::async_trait;
use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use domain::money::order::{Line, Method};
use domain::photo::{ARRIVAL_GRACE, Outcome, TIME_LIMIT};
use jiff::{SignedDuration, Timestamp};

use super::hold;
use crate::failure::Failure;
use crate::ledger::MoneyContext;
use crate::objects::Objects;
use crate::photos::{Authorisation, Billing, PhotoRow, Photos, Settlement, TICKET_LIFE};

/// How long a hold stays open. It outlasts every inspection: upload ticket, late upload event, inspection, and one more time limit
/// for the due-work task that writes down its end.
pub fn hold_life() -> SignedDuration {
    TICKET_LIFE + ARRIVAL_GRACE + TIME_LIMIT + TIME_LIMIT
}

/// The photo use cases, billed to the wallets of `money`.
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
        let hold = hold::authorise(self, owner, number, now, now + hold_life()).await?;
        Ok(Authorisation { price_fen: hold.gross.get(), changes: hold.changes })
    }

    /// If the hold has expired meanwhile, the photo waits for its payment like one that a provider pays.
    async fn capture_or_void(
        &self,
        photo: &PhotoRow,
        outcome: Option<Outcome>,
        now: Timestamp,
    ) -> Result<Settlement, Failure> {
        if photo.method != Method::Balance {
            return Ok(Settlement::default());
        }
        let paid = outcome == Some(Outcome::Passed);
        let changes = if paid {
            hold::post(&*self.store, photo.owner, photo.number, order_line(photo), now).await
        } else {
            hold::void(&*self.store, photo.owner, photo.number, now).await
        };
        match changes {
            Ok(changes) => Ok(Settlement { paid, changes }),
            Err(Failure::Conflict { code: hold::RESOLVED }) => Ok(Settlement::default()),
            Err(failure) => Err(failure),
        }
    }
}

/// A photo as the line of an order.
pub fn order_line(photo: &PhotoRow) -> Line {
    Line {
        image_no: photo.number,
        card: photo.card,
        region: format!("{}-{}", photo.region.province(), photo.region.city()),
        price_fen: Fen::new(photo.price_fen),
    }
}
