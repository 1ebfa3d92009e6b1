//! Data keys from AWS KMS. The key that wraps them never leaves KMS.

use std::collections::HashMap;

use app::accounts::{DataKeyError, DataKeyProvider};
use app::sealing::SealingKey;
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_kms::Client;
use aws_sdk_kms::error::{DisplayErrorContext, ProvideErrorMetadata};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::MissingVariable;

/// The environment variable with the id or ARN of the wrapping key.
const VARIABLE: &str = "FIELD_KEY";

/// The [`DataKeyProvider`] on KMS.
#[derive(Debug, Clone)]
pub struct KmsDataKeyProvider {
    client: Client,
    key: String,
}

impl KmsDataKeyProvider {
    /// A provider that wraps data keys with the KMS key `key` (an id or ARN).
    pub fn new(sdk: &SdkConfig, key: impl Into<String>) -> Self {
        Self { client: Client::new(sdk), key: key.into() }
    }

    /// The provider with the key that the environment variable `FIELD_KEY` names.
    ///
    /// # Errors
    ///
    /// [`MissingVariable`] if the variable is not set.
    pub fn from_env(sdk: &SdkConfig) -> Result<Self, MissingVariable> {
        Ok(Self::new(sdk, std::env::var(VARIABLE).map_err(|_| MissingVariable(VARIABLE.to_owned()))?))
    }
}

/// The encryption context. KMS opens a wrapped key only with the context it was made with, and writes it to CloudTrail.
fn context(account: &str) -> HashMap<String, String> {
    HashMap::from([("account".to_owned(), account.to_owned())])
}

#[async_trait]
impl DataKeyProvider for KmsDataKeyProvider {
    async fn generate(&self, account: &str) -> Result<(SealingKey, String), DataKeyError> {
        let make = self.client.generate_data_key().key_id(&self.key).key_spec(DataKeySpec::Aes256);
        let made = make.set_encryption_context(Some(context(account))).send().await.map_err(failure)?;
        let wrapped = made.ciphertext_blob.ok_or_else(|| refused("the answer has no wrapped key"))?;
        Ok((open(made.plaintext)?, STANDARD.encode(wrapped)))
    }

    async fn unwrap(&self, account: &str, wrapped: &str) -> Result<SealingKey, DataKeyError> {
        let wrapped = STANDARD.decode(wrapped).map_err(|_| refused("the wrapped key is not base64"))?;
        let decrypt = self.client.decrypt().key_id(&self.key).ciphertext_blob(Blob::new(wrapped));
        let opened = decrypt.set_encryption_context(Some(context(account))).send().await.map_err(failure)?;
        open(opened.plaintext)
    }
}

fn open(plain: Option<Blob>) -> Result<SealingKey, DataKeyError> {
    let bytes: Option<[u8; 32]> = plain.and_then(|plain| plain.into_inner().try_into().ok());
    bytes.map(SealingKey::from_bytes).ok_or_else(|| refused("the answer has no key of 32 bytes"))
}

fn refused(cause: &str) -> DataKeyError {
    DataKeyError::Refused(cause.to_owned())
}

fn failure<E>(error: E) -> DataKeyError
where
    E: ProvideErrorMetadata + std::error::Error,
{
    let permanent = matches!(
        error.code(),
        Some(
            "InvalidCiphertextException"
                | "IncorrectKeyException"
                | "AccessDeniedException"
                | "NotFoundException"
                | "DisabledException"
        )
    );
    let cause = DisplayErrorContext(error).to_string();
    if permanent { DataKeyError::Refused(cause) } else { DataKeyError::Unavailable(cause) }
}
