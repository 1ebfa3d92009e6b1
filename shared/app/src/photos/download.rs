//! A link to the standard photo, for its owner, once it is paid for.

use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::photo::Photo;
use jiff::SignedDuration;

use super::{Photos, key};
use crate::failure::Failure;
use crate::objects::{Bucket, DownloadLink};

/// A link that leaks is soon worth nothing.
const LINK_LIFE: SignedDuration = SignedDuration::from_mins(5);

impl Photos {
    pub async fn download(&self, owner: AccountId, number: ImageNumber) -> Result<DownloadLink, Failure> {
        let seen = self.seen(owner, number).await?;
        match seen.photo {
            Photo::Paid { .. } => {}
            Photo::Passed { .. } => return Err(Failure::Conflict { code: "photo-not-paid" }),
            _ => return Err(Failure::Conflict { code: "photo-not-passed" }),
        }
        let key = key::standard_photo(owner, number);
        Ok(self.objects.download_link(Bucket::Photos, &key, &format!("{number}.jpg"), LINK_LIFE).await?)
    }
}
