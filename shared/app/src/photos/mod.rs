//! The use cases of photos, from the upload ticket to the standard photo.
//!
//! [`Photos::start`] reserves an image number and issues the upload ticket. The bucket's event, and nothing else, leads
//! to [`Photos::inspect`]. [`Photos::get`], [`Photos::list`] and [`Photos::download`] read. [`Photos::process_due`]
//! ends what has timed out or expired. Prices and holds come from a [`Billing`].

mod billing;
mod download;
mod due;
mod get;
mod inspect;
mod inspector;
mod key;
mod list;
mod mark_paid;
mod row;
mod start;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use domain::image_number::ImageNumber;

use crate::clock::Clock;
use crate::failure::Failure;
use crate::objects::Objects;
use crate::random::Random;
use crate::store::{Change, Store, Token, from_row};

pub use billing::{Authorisation, Billing, Settlement};
pub use due::PhotoDueReport;
pub(crate) use get::visible;
pub use get::{KnownTags, PhotoView, WAIT_MAX};
pub use inspect::{InspectionOutcome, UploadEvent};
pub use inspector::{Inspection, InspectionError, Inspector};
pub use key::{photo_row, standard_photo, upload};
pub use list::{Filter, PhotoList};
pub use mark_paid::mark_paid;
pub use row::PhotoRow;
pub use start::{Submission, TICKET_LIFE, UploadTicket};

/// The use cases of photos, and the ports they work with.
#[derive(Clone)]
pub struct Photos {
    /// Rows of photos, reports and the counter of image numbers.
    pub store: Arc<dyn Store>,
    /// Uploads and standard photos.
    pub objects: Arc<dyn Objects>,
    /// The current time.
    pub clock: Arc<dyn Clock>,
    /// Source of commit tokens.
    pub random: Arc<dyn Random>,
    /// Prices and holds.
    pub billing: Arc<dyn Billing>,
}

impl std::fmt::Debug for Photos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Photos")
    }
}

impl Photos {
    pub(crate) async fn load(&self, number: ImageNumber) -> Result<Option<PhotoRow>, Failure> {
        let row = self.store.get(&photo_row(number)).await?;
        Ok(row.map(from_row).transpose()?)
    }

    /// Writes the photo and `changes` in one commit. `false` if another writer changed one of the rows first: nothing
    /// was written.
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
