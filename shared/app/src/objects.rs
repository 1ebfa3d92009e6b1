//! Files in buckets, and permissions to put or get one of them directly.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// What came from outside, for the inspection alone.
    Uploads,
    /// Standard photos.
    Photos,
    /// Issued invoices, kept as long as the law keeps books.
    Invoices,
}

/// A permission to put one object of one type and size at one key, as fields of an HTML form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadForm {
    pub url: String,
    pub fields: BTreeMap<String, String>,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadTerms<'a> {
    pub key: &'a str,
    pub content_type: &'a str,
    pub bytes: RangeInclusive<u64>,
    pub now: Timestamp,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLink {
    pub url: String,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("objects: {0}")]
pub struct ObjectsError(pub String);

#[async_trait]
pub trait Objects: Send + Sync {
    async fn upload_form(&self, bucket: Bucket, terms: UploadTerms<'_>) -> Result<UploadForm, ObjectsError>;

    /// A link that saves the object under `file_name`.
    async fn download_link(
        &self,
        bucket: Bucket,
        key: &str,
        file_name: &str,
        valid: SignedDuration,
    ) -> Result<DownloadLink, ObjectsError>;

    /// When the object was put, if it is there.
    async fn put_at(&self, bucket: Bucket, key: &str) -> Result<Option<Timestamp>, ObjectsError>;

    /// The object, if it is there. One larger than `bytes_max` is an error.
    async fn get(&self, bucket: Bucket, key: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, ObjectsError>;

    async fn put(&self, bucket: Bucket, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<(), ObjectsError>;

    /// Leaves no earlier version either. Deleting what is not there succeeds.
    async fn delete(&self, bucket: Bucket, key: &str) -> Result<(), ObjectsError>;
}
