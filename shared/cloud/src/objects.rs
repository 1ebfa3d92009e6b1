//! Objects on S3.

use std::time::Duration;

use app::objects::{Bucket, DownloadLink, Objects, ObjectsError, UploadForm, UploadTerms};
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::ProvideCredentials;
use aws_sdk_s3::Client;
use aws_sdk_s3::error::{DisplayErrorContext, SdkError};
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use jiff::{SignedDuration, Timestamp};

use crate::{Missing, Names, upload_form};

/// Each of a thousand versions; a photo has one or two.
const VERSION_PAGES_MAX: u32 = 10;

#[derive(Debug, Clone)]
pub struct S3Objects {
    client: Client,
    sdk: SdkConfig,
    names: Names,
}

impl S3Objects {
    pub fn new(sdk: &SdkConfig, names: Names) -> Self {
        // An endpoint of one's own is an address: it has no name per bucket.
        let path_style = sdk.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL").is_some();
        let config = aws_sdk_s3::config::Builder::from(sdk).force_path_style(path_style).build();
        Self { client: Client::from_conf(config), sdk: sdk.clone(), names }
    }

    async fn credentials(&self) -> Result<Credentials, ObjectsError> {
        let provider = self.sdk.credentials_provider().ok_or_else(|| ObjectsError("no credentials".into()))?;
        provider.provide_credentials().await.map_err(|error| ObjectsError(error.to_string()))
    }

    /// A page of the versions and delete markers of one key, and whether there are more. A bucket that keeps no versions says
    /// `null` for the one it has.
    async fn versions(&self, bucket: &str, key: &str) -> Result<(Vec<String>, bool), ObjectsError> {
        let page = self.client.list_object_versions().bucket(bucket).prefix(key).send().await.map_err(failed)?;
        let objects = page.versions().iter().map(|one| (one.key(), one.version_id()));
        let markers = page.delete_markers().iter().map(|one| (one.key(), one.version_id()));
        // Keys that only begin like this one belong to others.
        let own = objects.chain(markers).filter(|(name, _)| *name == Some(key));
        let versions = own.map(|(_, version)| version.unwrap_or("null").to_owned()).collect();
        Ok((versions, page.is_truncated() == Some(true)))
    }

    /// Where forms for this bucket are posted, by the SDK's own rules for regions, partitions and endpoints.
    async fn address(&self, bucket: &str) -> Result<String, ObjectsError> {
        let presigning = presigning(Duration::from_secs(1))?;
        let request = self.client.put_object().bucket(bucket).key("k").presigned(presigning).await.map_err(failed)?;
        let address = request.uri().split('?').next().and_then(|address| address.strip_suffix('k'));
        address.map(str::to_owned).ok_or_else(|| ObjectsError("no address for the bucket".into()))
    }
}

fn presigning(valid: Duration) -> Result<PresigningConfig, ObjectsError> {
    PresigningConfig::expires_in(valid).map_err(|error| ObjectsError(error.to_string()))
}

fn failed<E: std::error::Error + 'static, R: std::fmt::Debug>(error: SdkError<E, R>) -> ObjectsError {
    ObjectsError(DisplayErrorContext(&error).to_string())
}

impl From<Missing> for ObjectsError {
    fn from(missing: Missing) -> Self {
        Self(missing.to_string())
    }
}

impl From<Missing> for app::failure::Failure {
    fn from(missing: Missing) -> Self {
        Self::internal(missing)
    }
}

#[async_trait]
impl Objects for S3Objects {
    async fn upload_form(&self, bucket: Bucket, terms: UploadTerms<'_>) -> Result<UploadForm, ObjectsError> {
        let bucket = self.names.bucket(bucket)?;
        let region = self.sdk.region().ok_or_else(|| ObjectsError("no region".into()))?;
        // The signature is dated by this machine's clock, as S3 checks it, whatever clock the rules go by.
        let skew = Timestamp::now().duration_since(terms.now);
        let shifted = UploadTerms { now: terms.now + skew, expires_at: terms.expires_at + skew, ..terms.clone() };
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

    async fn put_at(&self, bucket: Bucket, key: &str) -> Result<Option<Timestamp>, ObjectsError> {
        let head = self.client.head_object().bucket(self.names.bucket(bucket)?).key(key);
        match head.send().await {
            Ok(head) => {
                let at = head.last_modified.and_then(|at| Timestamp::from_second(at.secs()).ok());
                at.map(Some).ok_or_else(|| ObjectsError("an object without a date".into()))
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
            return Err(ObjectsError(format!("an object of more than {bytes_max} bytes")));
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
        Err(ObjectsError("an object with too many versions".into()))
    }
}
