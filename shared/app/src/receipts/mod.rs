//! Receipts (回执) of paid photos: they are issued to the owner of the photo, and checked for the public.
//!
//! A receipt is computed from the row of the photo and not stored. It therefore exists as long as the photo is kept.
//! The left QR code holds a token that a [`ReceiptKey`] signed.

mod key;
#[cfg(test)]
mod tests;
mod unit;

use std::collections::BTreeMap;

use domain::actor::AccountId;
use domain::card::Card;
use domain::image_number::ImageNumber;
use domain::photo::Photo;
use domain::receipt::{ReceiptText, Service, taken_at, valid_until};
use jiff::Timestamp;
use serde::Deserialize;

use crate::failure::Failure;
use crate::objects::Bucket;
use crate::photos::{PhotoRow, Photos, standard_photo};

pub use key::{ReceiptKey, WeakReceiptSecret};
pub use unit::{InvalidUnit, Unit};

/// The largest standard photo that is read, in bytes. They are far smaller.
const PICTURE_BYTES_MAX: u64 = 256 * 1024;

/// The configuration of receipts (environment variable `RECEIPTS`, as JSON).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReceiptSettings {
    /// The addresses of the right QR codes.
    pub links: BTreeMap<Service, String>,
    /// 采集单位 for accounts without a registered unit.
    pub unit: Unit,
}

/// The use cases of receipts.
#[derive(Clone)]
pub struct Receipts {
    photos: Photos,
    key: ReceiptKey,
    settings: ReceiptSettings,
    /// The origin of the page with the public check, without a slash at its end.
    page: String,
}

impl std::fmt::Debug for Receipts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Receipts")
    }
}

/// A receipt at the time of the call.
#[derive(Debug, Clone, PartialEq)]
pub struct Receipt {
    /// 图像号码.
    pub number: ImageNumber,
    /// 照片类型.
    pub card: Card,
    /// The printed texts.
    pub text: ReceiptText,
    /// 采集单位.
    pub unit: Unit,
    /// 采集时间: the upload.
    pub taken_at: Timestamp,
    /// 有效期至.
    pub valid_until: Timestamp,
    /// Whether the validity has ended.
    pub expired: bool,
    /// The address in the left QR code: the public check.
    pub check_url: String,
    /// The address in the right QR code: the government service.
    pub service_url: String,
}

/// The result of the public check. It holds no personal data and nothing that is not printed on the receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptStatus {
    /// The receipt is valid.
    Valid {
        /// 图像号码.
        number: ImageNumber,
        /// 有效期至.
        until: Timestamp,
    },
    /// The validity has ended.
    Expired {
        /// 图像号码.
        number: ImageNumber,
    },
    /// The token is not ours, or its photo is not paid.
    Unknown,
}

impl Receipts {
    /// The use cases with their configuration. `page` is the origin of the page, without a slash at its end.
    pub fn new(photos: Photos, key: ReceiptKey, settings: ReceiptSettings, page: String) -> Self {
        Self { photos, key, settings, page }
    }

    /// The receipt of photo `number`.
    ///
    /// # Errors
    ///
    /// - `NotFound` if `owner` has no such photo.
    /// - `Conflict` with `photo-not-passed` or `photo-not-paid` if the photo is in another state than paid.
    /// - `Internal` if the configuration lacks the address of the service; `Unavailable` or `Internal` from the store.
    pub async fn issue(&self, owner: AccountId, number: ImageNumber) -> Result<Receipt, Failure> {
        let (row, uploaded_at) = self.paid(owner, number).await?;
        let text = ReceiptText::new(row.card, &row.region, number);
        let service_url = self.settings.links.get(&text.service).cloned();
        let valid_until = valid_until(uploaded_at);
        Ok(Receipt {
            number,
            card: row.card,
            unit: self.unit_of(owner).await?,
            taken_at: taken_at(uploaded_at),
            valid_until,
            expired: self.photos.clock.now() >= valid_until,
            check_url: format!("{}/verify/{}", self.page, self.key.sign(number)),
            service_url: service_url
                .ok_or_else(|| Failure::internal("the configuration of receipts lacks the link of a service"))?,
            text,
        })
    }

    /// The standard photo of a paid photo as JPEG, for the printed receipt.
    ///
    /// # Errors
    ///
    /// As [`Self::issue`]; `Internal` if there is no standard photo.
    pub async fn picture(&self, owner: AccountId, number: ImageNumber) -> Result<Vec<u8>, Failure> {
        self.paid(owner, number).await?;
        let found = self.photos.objects.get(Bucket::Photos, &standard_photo(owner, number), PICTURE_BYTES_MAX).await?;
        found.ok_or_else(|| Failure::internal(format!("photo {number} has no standard photo")))
    }

    /// Checks the token of a left QR code, for the public.
    ///
    /// # Errors
    ///
    /// `Unavailable` or `Internal` from the store.
    pub async fn check(&self, token: &str) -> Result<ReceiptStatus, Failure> {
        let Some(number) = self.key.verify(token) else { return Ok(ReceiptStatus::Unknown) };
        let Some(row) = self.photos.load(number).await? else { return Ok(ReceiptStatus::Unknown) };
        let now = self.photos.clock.now();
        Ok(match row.photo()? {
            Photo::Paid { inspected, .. } => match valid_until(inspected.uploaded_at) {
                until if now < until => ReceiptStatus::Valid { number, until },
                _ => ReceiptStatus::Expired { number },
            },
            // Tokens are made only for paid photos, and a paid photo is kept longer than its receipt is valid.
            Photo::Purged => ReceiptStatus::Expired { number },
            _ => ReceiptStatus::Unknown,
        })
    }

    async fn paid(&self, owner: AccountId, number: ImageNumber) -> Result<(PhotoRow, Timestamp), Failure> {
        let view = self.photos.view(owner, number).await?;
        match view.photo {
            Photo::Paid { inspected, .. } => Ok((view.row, inspected.uploaded_at)),
            Photo::Passed { .. } => Err(Failure::Conflict { code: "photo-not-paid" }),
            _ => Err(Failure::Conflict { code: "photo-not-passed" }),
        }
    }
}
