//! The key house on KMS: it makes data keys and opens them; the key that wraps them never leaves it.

use std::collections::HashMap;

use app::accounts::{KeyHouse, KeyHouseFailure, SealingKey};
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_kms::Client;
use aws_sdk_kms::error::{DisplayErrorContext, ProvideErrorMetadata};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::Missing;

const VARIABLE: &str = "FIELD_KEY";

#[derive(Debug, Clone)]
pub struct KmsKeyHouse {
    client: Client,
    key: String,
}

impl KmsKeyHouse {
    pub fn new(sdk: &SdkConfig, key: impl Into<String>) -> Self {
        Self { client: Client::new(sdk), key: key.into() }
    }

    pub fn from_env(sdk: &SdkConfig) -> Result<Self, Missing> {
        Ok(Self::new(sdk, std::env::var(VARIABLE).map_err(|_| Missing(VARIABLE.to_owned()))?))
    }
}

/// KMS binds a wrapped key to whose it is: under another account's name it does not open, and its own log says whose it was.
fn context(account: &str) -> HashMap<String, String> {
    HashMap::from([("account".to_owned(), account.to_owned())])
}

#[async_trait]
impl KeyHouse for KmsKeyHouse {
    async fn generate(&self, account: &str) -> Result<(SealingKey, String), KeyHouseFailure> {
        let make = self.client.generate_data_key().key_id(&self.key).key_spec(DataKeySpec::Aes256);
        let made = make.set_encryption_context(Some(context(account))).send().await.map_err(failure)?;
        let wrapped = made.ciphertext_blob.ok_or_else(|| refused("it sent no wrapped key"))?;
        Ok((open(made.plaintext)?, STANDARD.encode(wrapped)))
    }

    async fn unwrap(&self, account: &str, wrapped: &str) -> Result<SealingKey, KeyHouseFailure> {
        let wrapped = STANDARD.decode(wrapped).map_err(|_| refused("the wrapped key is not base64"))?;
        let decrypt = self.client.decrypt().key_id(&self.key).ciphertext_blob(Blob::new(wrapped));
        let opened = decrypt.set_encryption_context(Some(context(account))).send().await.map_err(failure)?;
        open(opened.plaintext)
    }
}

fn open(plain: Option<Blob>) -> Result<SealingKey, KeyHouseFailure> {
    let bytes: Option<[u8; 32]> = plain.and_then(|plain| plain.into_inner().try_into().ok());
    bytes.map(SealingKey::from_bytes).ok_or_else(|| refused("it sent no key of 32 bytes"))
}

fn refused(cause: &str) -> KeyHouseFailure {
    KeyHouseFailure::Refused(cause.to_owned())
}

fn failure<E>(error: E) -> KeyHouseFailure
where
    E: ProvideErrorMetadata + std::error::Error,
{
    let final_ = matches!(
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
    if final_ { KeyHouseFailure::Refused(cause) } else { KeyHouseFailure::Unavailable(cause) }
}
