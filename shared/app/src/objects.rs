//! The port to object storage: files in buckets, and permissions to upload or download one of them directly.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

use crate::failure::Failure;

/// The buckets of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bucket {
    /// Files as clients uploaded them. Only the inspection reads them.
    Uploads,
    /// Standard photos.
    Photos,
    /// Issued invoices, kept for the statutory retention period of accounting documents.
    Invoices,
}

/// A permission to upload one object, as the fields of an HTML form (a presigned POST).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadForm {
    /// The address to post to, as `multipart/form-data`.
    pub url: String,
    /// The form fields by name, to be sent before the field `file`.
    pub fields: BTreeMap<String, String>,
    /// Until when the form can be used.
    pub expires_at: Timestamp,
}

/// What an upload form allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadPolicy<'a> {
    /// The object key.
    pub key: &'a str,
    /// The media type.
    pub content_type: &'a str,
    /// The allowed sizes in bytes.
    pub bytes: RangeInclusive<u64>,
    /// The time of issue.
    pub now: Timestamp,
    /// Until when the form can be used.
    pub expires_at: Timestamp,
}

/// A permission to download one object (a presigned URL).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLink {
    /// The address, with its signature.
    pub url: String,
    /// Until when the link can be used.
    pub expires_at: Timestamp,
}

/// A call to object storage failed. Its effect is unknown; every call can be repeated.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("objects: {0}")]
pub struct ObjectsError(pub String);

impl From<ObjectsError> for Failure {
    fn from(error: ObjectsError) -> Self {
        Self::Unavailable(error.to_string())
    }
}

/// Object storage.
#[async_trait]
pub trait Objects: Send + Sync {
    /// A form that uploads one object to `bucket` under the terms of `policy`.
    ///
    /// # Errors
    ///
    /// If the form cannot be signed.
    async fn upload_form(&self, bucket: Bucket, policy: UploadPolicy<'_>) -> Result<UploadForm, ObjectsError>;

    /// A link that downloads the object `key` as a file named `file_name`, for the time `valid` from now.
    ///
    /// # Errors
    ///
    /// If the link cannot be signed.
    async fn download_link(
        &self,
        bucket: Bucket,
        key: &str,
        file_name: &str,
        valid: SignedDuration,
    ) -> Result<DownloadLink, ObjectsError>;

    /// When the object `key` was written; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the storage does not answer.
    async fn last_modified(&self, bucket: Bucket, key: &str) -> Result<Option<Timestamp>, ObjectsError>;

    /// The content of the object `key`; `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the storage does not answer, or if the object is larger than `bytes_max`.
    async fn get(&self, bucket: Bucket, key: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, ObjectsError>;

    /// Writes the object `key` with the media type `content_type`, over an earlier one.
    ///
    /// # Errors
    ///
    /// If the storage does not answer.
    async fn put(&self, bucket: Bucket, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<(), ObjectsError>;

    /// Deletes the object `key` with all its versions. Succeeds if there is none.
    ///
    /// # Errors
    ///
    /// If the storage does not answer.
    async fn delete(&self, bucket: Bucket, key: &str) -> Result<(), ObjectsError>;
}
