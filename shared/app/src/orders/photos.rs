//! The photos of the photo table, as orders see them.

use async_trait::async_trait;
use domain::actor::AccountId;
use domain::image_number::ImageNumber;
use domain::money::order::Line;
use domain::photo::Photo;
use jiff::Timestamp;

use super::OrderPhotos;
use crate::failure::Failure;
use crate::photos::{PhotoRow, mark_paid, visible};
use crate::store::{Change, Store, from_row};
use crate::wallet;

/// Photos kept in the store.
#[derive(Clone)]
pub struct StoredPhotos(pub std::sync::Arc<dyn Store>);

impl std::fmt::Debug for StoredPhotos {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StoredPhotos")
    }
}

#[async_trait]
impl OrderPhotos for StoredPhotos {
    async fn payable(&self, owner: &str, image_no: &str, now: Timestamp) -> Result<Line, Failure> {
        let (owner, number) = parse(owner, image_no)?;
        let row = self.0.get(&crate::photos::photo_row(number)).await?.ok_or(Failure::NotFound)?;
        let row: PhotoRow = from_row(row)?;
        match visible(&row, now)? {
            Some(photo) if row.owner == owner => match photo {
                Photo::Passed { .. } => Ok(wallet::line(&row)),
                _ => Err(Failure::Conflict { code: "photo-not-payable" }),
            },
            _ => Err(Failure::NotFound),
        }
    }

    async fn paid(&self, owner: &str, image_nos: &[&str], now: Timestamp) -> Result<Vec<Change>, Failure> {
        let mut changes = Vec::new();
        for image_no in image_nos {
            let (owner, number) = parse(owner, image_no)?;
            match mark_paid(&*self.0, owner, number, now).await {
                Ok(change) => changes.push(change),
                // Past its keeping: what was paid for is the order, and it keeps its own record of the photo.
                Err(Failure::NotFound | Failure::Conflict { .. }) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(changes)
    }
}

fn parse(owner: &str, image_no: &str) -> Result<(AccountId, ImageNumber), Failure> {
    let owner = owner.parse().map_err(Failure::internal)?;
    Ok((owner, image_no.parse().map_err(|_| Failure::NotFound)?))
}
