//! Receipts (回执) of passed and paid photos: issuing one to the photo's owner, and telling anybody who scanned one whether it
//! is good.
//!
//! A receipt is computed, never stored: the photo's row is its only source, so that it cannot outlive the photo or say
//! anything else. What its left QR code carries is a [`ReceiptKey`]'s token.

mod key;
#[cfg(test)]
mod tests;
mod unit;

use std::collections::BTreeMap;

use domain::actor::AccountId;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::photo::Photo;
use domain::receipt::{Service, Words, taken, valid_until};
use jiff::Timestamp;
use serde::Deserialize;

use crate::failure::Failure;
use crate::objects::Bucket;
use crate::photos::{PhotoRow, Photos, standard_photo};

pub use key::{ReceiptKey, WeakReceiptSecret};
pub use unit::{Unit, UnitRefused};

/// A standard photo is far smaller.
const PICTURE_BYTES_MAX: u64 = 256 * 1024;

/// What the deployment says about its receipts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Terms {
    /// Where the right QR codes lead.
    pub links: BTreeMap<Service, String>,
    /// 采集单位 of an account that is not a unit of its own.
    pub unit: Unit,
}

#[derive(Clone)]
pub struct Receipts {
    photos: Photos,
    key: ReceiptKey,
    terms: Terms,
    /// Where the page with the public check is served from.
    page: String,
}

impl std::fmt::Debug for Receipts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipts")
    }
}

/// One receipt as of now.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    pub number: ImageNumber,
    pub card: Card,
    pub words: Words,
    pub unit: Unit,
    /// 采集时间: the upload.
    pub taken_at: Timestamp,
    pub valid_until: Timestamp,
    pub expired: bool,
    /// What the left QR code says.
    pub check_url: String,
    /// What the right QR code says.
    pub service_url: String,
}

/// What anybody may learn of a receipt: nothing about a person, and nothing that is not printed on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    Valid {
        number: ImageNumber,
        until: Timestamp,
    },
    Expired {
        number: ImageNumber,
    },
    /// Not one of ours, or its photo is not paid for (any more).
    Unknown,
}

impl Receipts {
    /// `page`: the origin of the page, without a slash at its end.
    pub fn new(photos: Photos, key: ReceiptKey, terms: Terms, page: String) -> Self {
        Self { photos, key, terms, page }
    }

    pub async fn issue(&self, owner: AccountId, number: ImageNumber) -> Result<Receipt, Failure> {
        let (row, uploaded_at) = self.paid(owner, number).await?;
        let words = Words::of(row.card, &row.region, number);
        let service_url = self.terms.links.get(&words.service).cloned();
        let valid_until = valid_until(uploaded_at);
        Ok(Receipt {
            number,
            card: row.card,
            unit: self.unit_of(owner).await?,
            taken_at: taken(uploaded_at),
            valid_until,
            expired: self.photos.clock.now() >= valid_until,
            check_url: format!("{}/verify/{}", self.page, self.key.seal(number)),
            service_url: service_url.ok_or_else(|| Failure::internal("a service without a link"))?,
            words,
        })
    }

    /// The standard photo, to be printed.
    pub async fn picture(&self, owner: AccountId, number: ImageNumber) -> Result<Vec<u8>, Failure> {
        self.paid(owner, number).await?;
        let found = self.photos.objects.get(Bucket::Photos, &standard_photo(owner, number), PICTURE_BYTES_MAX).await?;
        found.ok_or_else(|| Failure::internal(format!("photo {number} has no standard photo")))
    }

    pub async fn check(&self, token: &str) -> Result<Check, Failure> {
        let Some(number) = self.key.open(token) else { return Ok(Check::Unknown) };
        let Some(row) = self.photos.load(number).await? else { return Ok(Check::Unknown) };
        let now = self.photos.clock.now();
        Ok(match row.photo()? {
            Photo::Paid { inspected, .. } => match valid_until(inspected.uploaded_at) {
                until if now < until => Check::Valid { number, until },
                _ => Check::Expired { number },
            },
            // A token is made for a paid photo only, and what is paid for is kept longer than a receipt is good.
            Photo::Purged => Check::Expired { number },
            _ => Check::Unknown,
        })
    }

    async fn paid(&self, owner: AccountId, number: ImageNumber) -> Result<(PhotoRow, Timestamp), Failure> {
        let seen = self.photos.seen(owner, number).await?;
        match seen.photo {
            Photo::Paid { inspected, .. } => Ok((seen.row, inspected.uploaded_at)),
            Photo::Passed { .. } => Err(Failure::Conflict { code: "photo-not-paid" }),
            _ => Err(Failure::Conflict { code: "photo-not-passed" }),
        }
    }
}
