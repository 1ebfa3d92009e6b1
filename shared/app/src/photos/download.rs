//! The owner's link to the standard photo of a paid photo.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::photo::Photo;
use jiff::SignedDuration;

use super::{Photos, key};
use crate::failure::Failure;
use crate::objects::{Bucket, DownloadLink};

/// Short, because anybody who has the link can use it.
const LINK_VALIDITY: SignedDuration = SignedDuration::from_mins(5);

impl Photos {
    /// A link to the standard photo of photo `number`, valid for five minutes.
    ///
    /// # Errors
    ///
    /// - `NotFound` if `owner` has no such photo.
    /// - `Conflict` with `photo-not-passed` or `photo-not-paid` if the photo is in another state than paid.
    /// - `Unavailable` or `Internal` from the store or the bucket.
    pub async fn download(&self, owner: AccountId, number: ImageNumber) -> Result<DownloadLink, Failure> {
        let view = self.view(owner, number).await?;
        match view.photo {
            Photo::Paid { .. } => {}
            Photo::Passed { .. } => return Err(Failure::Conflict { code: "photo-not-paid" }),
            _ => return Err(Failure::Conflict { code: "photo-not-passed" }),
        }
        let key = key::standard_photo(owner, number);
        Ok(self.objects.download_link(Bucket::Photos, &key, &format!("{number}.jpg"), LINK_VALIDITY).await?)
    }
}
