//! The port `app::objects::Objects` on S3.

use std::time::Duration;

use app::objects::{Bucket, DownloadLink, Objects, ObjectsError, UploadForm, UploadPolicy};
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use jiff::{SignedDuration, Timestamp};

use crate::{MissingVariable, ResourceNames, upload_form};

/// Pages of 1,000 versions that one deletion reads; a photo has one or two versions.
const VERSION_PAGES_MAX: u32 = 10;

/// Objects in the buckets named in the environment.
#[derive(Debug, Clone)]
pub struct S3Objects {
    client: Client,
    sdk: SdkConfig,
    names: ResourceNames,
}

impl S3Objects {
    /// A client for the buckets named in `names`.
    pub fn new(sdk: &SdkConfig, names: ResourceNames) -> Self {
        // A custom endpoint is an IP address without a host name per bucket: it needs path-style addressing.
        let path_style = sdk.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL").is_some();
        let config = aws_sdk_s3::config::Builder::from(sdk).force_path_style(path_style).build();
        Self { client: Client::from_conf(config), sdk: sdk.clone(), names }
    }

    async fn credentials(&self) -> Result<Credentials, ObjectsError> {
        let provider = self.sdk.credentials_provider().ok_or_else(|| ObjectsError("no credentials".into()))?;
        provider.provide_credentials().await.map_err(|error| ObjectsError(error.to_string()))
    }

    /// One page of the versions and delete markers of a key, and whether there are more. In a bucket without versioning the only
    /// version is called `null`.
    async fn versions(&self, bucket: &str, key: &str) -> Result<(Vec<String>, bool), ObjectsError> {
        let page = self.client.list_object_versions().bucket(bucket).prefix(key).send().await.map_err(failed)?;
        let objects = page.versions().iter().map(|one| (one.key(), one.version_id()));
        let markers = page.delete_markers().iter().map(|one| (one.key(), one.version_id()));
        // The prefix also matches longer keys, which are other objects.
        let own = objects.chain(markers).filter(|(name, _)| *name == Some(key));
        let versions = own.map(|(_, version)| version.unwrap_or("null").to_owned()).collect();
        Ok((versions, page.is_truncated() == Some(true)))
    }

    /// The URL to which forms for this bucket are posted, by the SDK's own rules for regions, partitions and endpoints.
    async fn address(&self, bucket: &str) -> Result<String, ObjectsError> {
        let presigning = presigning(Duration::from_secs(1))?;
        let request = self.client.put_object().bucket(bucket).key("k").presigned(presigning).await.map_err(failed)?;
        let address = request.uri().split('?').next().and_then(|address| address.strip_suffix('k'));
        address.map(str::to_owned).ok_or_else(|| ObjectsError("the bucket has no address".into()))
    }
}

fn presigning(valid: Duration) -> Result<PresigningConfig, ObjectsError> {
    PresigningConfig::expires_in(valid).map_err(|error| ObjectsError(error.to_string()))
}

fn failed<E: std::error::Error + 'static, R: std::fmt::Debug>(error: SdkError<E, R>) -> ObjectsError {
    ObjectsError(DisplayErrorContext(&error).to_string())
}

impl From<MissingVariable> for ObjectsError {
    fn from(missing: MissingVariable) -> Self {
        Self(missing.to_string())
    }
}

impl From<MissingVariable> for app::failure::Failure {
    fn from(missing: MissingVariable) -> Self {
        Self::internal(missing)
    }
}

#[async_trait]
impl Objects for S3Objects {
    async fn upload_form(&self, bucket: Bucket, terms: UploadPolicy<'_>) -> Result<UploadForm, ObjectsError> {
        let bucket = self.names.bucket(bucket)?;
        let region = self.sdk.region().ok_or_else(|| ObjectsError("no region".into()))?;
        // S3 compares the date of the signature with the real time, but `terms.now` can come from a test clock.
        let skew = Timestamp::now().duration_since(terms.now);
        let shifted = UploadPolicy { now: terms.now + skew, expires_at: terms.expires_at + skew, ..terms.clone() };
        let fields = upload_form::fields(&self.credentials().await?, region.as_ref(), bucket, &shifted);
        Ok(UploadForm { url: self.address(bucket).await?, fields, expires_at: terms.expires_at })
    }

    async fn download_link(
        &self,
        bucket: Bucket,
        key: &str,
        file_name: &str,
        valid: SignedDuration,
    ) -> Result<DownloadLink, ObjectsError> {
        let request = self
            .client
            .get_object()
            .bucket(self.names.bucket(bucket)?)
            .key(key)
            .response_content_disposition(format!("attachment; filename=\"{file_name}\""))
            .response_cache_control("no-store");
        let request = request.presigned(presigning(valid.unsigned_abs())?).await.map_err(failed)?;
        Ok(DownloadLink { url: request.uri().to_owned(), expires_at: Timestamp::now() + valid })
    }

    async fn last_modified(&self, bucket: Bucket, key: &str) -> Result<Option<Timestamp>, ObjectsError> {
        let head = self.client.head_object().bucket(self.names.bucket(bucket)?).key(key);
        match head.send().await {
            Ok(head) => {
                let at = head.last_modified.and_then(|at| Timestamp::from_second(at.secs()).ok());
                at.map(Some).ok_or_else(|| ObjectsError("the object has no date".into()))
            }
            Err(error) if error.as_service_error().is_some_and(|error| error.is_not_found()) => Ok(None),
            Err(error) => Err(failed(error)),
        }
    }

    async fn get(&self, bucket: Bucket, key: &str, bytes_max: u64) -> Result<Option<Vec<u8>>, ObjectsError> {
        let get = self.client.get_object().bucket(self.names.bucket(bucket)?).key(key);
        let object = match get.send().await {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(|error| error.is_no_such_key()) => return Ok(None),
            Err(error) => return Err(failed(error)),
        };
        if object.content_length.is_none_or(|bytes| bytes.unsigned_abs() > bytes_max) {
            return Err(ObjectsError(format!("the object has more than {bytes_max} bytes")));
        }
        let bytes = object.body.collect().await.map_err(|error| ObjectsError(error.to_string()))?;
        Ok(Some(bytes.to_vec()))
    }

    async fn put(&self, bucket: Bucket, key: &str, content_type: &str, bytes: Vec<u8>) -> Result<(), ObjectsError> {
        let put = self.client.put_object().bucket(self.names.bucket(bucket)?).key(key);
        put.content_type(content_type).body(ByteStream::from(bytes)).send().await.map_err(failed)?;
        Ok(())
    }

    async fn delete(&self, bucket: Bucket, key: &str) -> Result<(), ObjectsError> {
        let bucket = self.names.bucket(bucket)?;
        for _ in 0..VERSION_PAGES_MAX {
            let (versions, more) = self.versions(bucket, key).await?;
            for version in versions {
                let delete = self.client.delete_object().bucket(bucket).key(key).version_id(version);
                delete.send().await.map_err(failed)?;
            }
            if !more {
                return Ok(());
            }
        }
        Err(ObjectsError("the object has too many versions".into()))
    }
}
