//! One photo from its upload ticket to its standard photo.
//!
//! `start` reserves the number and issues the ticket; the bucket's event alone leads to `inspect`; `get`, `list` and `download`
//! read; `sweep` does what falls due. What a photo costs is decided by a [`Charging`].

mod charging;
mod download;
mod get;
mod inspect;
mod inspector;
mod key;
mod list;
mod pay;
mod row;
mod start;
mod sweep;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use domain::image_number::ImageNumber;

use crate::books::MoneyContext;
use crate::clock::Clock;
use crate::failure::Failure;
use crate::objects::{Objects, ObjectsError};
use crate::random::Random;
use crate::store::{Change, Store, Token, from_row};

pub use charging::{Charge, Charging, Free, Settlement};
pub(crate) use get::visible;
pub use get::{Seen, WAIT_MAX};
pub use inspect::{Arrival, Handled};
pub use inspector::{Inspection, Inspector, NotInspected};
pub use key::{photo_row, standard_photo, upload};
pub use list::{Filter, Listed};
pub use pay::paid;
pub use row::PhotoRow;
pub use start::{Started, Submission, TICKET_LIFE};
pub use sweep::Swept;

/// The use cases and what they work with.
#[derive(Clone)]
pub struct Photos {
    pub store: Arc<dyn Store>,
    pub objects: Arc<dyn Objects>,
    pub clock: Arc<dyn Clock>,
    pub random: Arc<dyn Random>,
    pub charging: Arc<dyn Charging>,
}

impl std::fmt::Debug for Photos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Photos")
    }
}

impl Photos {
    /// What is charged goes through this money, with its store, clock and chance.
    pub fn charged_by(money: MoneyContext, objects: Arc<dyn Objects>) -> Self {
        let (store, clock, random) = (money.store.clone(), money.clock.clone(), money.random.clone());
        Self { store, objects, clock, random, charging: Arc::new(money) }
    }

    pub(crate) async fn load(&self, number: ImageNumber) -> Result<Option<PhotoRow>, Failure> {
        let row = self.store.get(&photo_row(number)).await?;
        Ok(row.map(from_row).transpose()?)
    }

    /// Writes the photo and what belongs to it. `false`: somebody else was faster and nothing was written.
    async fn commit(&self, mut changes: Vec<Change>, photo: Change) -> Result<bool, Failure> {
        changes.insert(0, photo);
        let token = Token::from(self.random.ulid(self.clock.now()));
        match self.store.commit(&token, changes).await {
            Ok(()) => Ok(true),
            Err(error) if error.is_conflict() => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

impl From<ObjectsError> for Failure {
    fn from(error: ObjectsError) -> Self {
        Self::Unavailable(error.to_string())
    }
}
