//! The port to the service that makes and opens data keys, one key for each account.

use async_trait::async_trait;
use data_encoding::HEXLOWER;

use crate::failure::Failure;
use crate::random::{OsRandom, Random};
use crate::sealing::{self, SealingKey};

/// Makes and opens data keys (envelope encryption). The key that wraps them never leaves the provider.
#[async_trait]
pub trait DataKeyProvider: Send + Sync {
    /// A new data key for `account`: the plain key and its wrapped form, which is stored.
    ///
    /// # Errors
    /// [`DataKeyError::Unavailable`] when the provider does not answer, [`DataKeyError::Refused`] when it refuses.
    async fn generate(&self, account: &str) -> Result<(SealingKey, String), DataKeyError>;

    /// Opens the key `wrapped`, as [`generate`](Self::generate) returned it for the same `account`.
    ///
    /// # Errors
    /// [`DataKeyError::Unavailable`] when the provider does not answer, [`DataKeyError::Refused`] when the key is not
    /// one of its own or was made for another account.
    async fn unwrap(&self, account: &str, wrapped: &str) -> Result<SealingKey, DataKeyError>;
}

/// Why a data key was not made or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataKeyError {
    /// The provider does not answer, or not in time: the same request can be sent again.
    #[error("data key provider unavailable: {0}")]
    Unavailable(String),
    /// The provider refuses: the key is not one of its own, or was made for another account.
    #[error("data key provider refuses: {0}")]
    Refused(String),
}

impl From<DataKeyError> for Failure {
    fn from(error: DataKeyError) -> Self {
        match error {
            DataKeyError::Unavailable(_) => Self::Unavailable(error.to_string()),
            DataKeyError::Refused(_) => Self::Internal(error.to_string()),
        }
    }
}

/// A provider in memory, for tests. Its wrapping key exists only in this process.
#[derive(Debug)]
pub struct MemoryDataKeyProvider(SealingKey);

impl MemoryDataKeyProvider {
    /// A provider with a new wrapping key from `random`.
    pub fn new(random: &dyn Random) -> Self {
        let mut key = [0; 32];
        random.fill(&mut key);
        Self(SealingKey::from_bytes(key))
    }
}

#[async_trait]
impl DataKeyProvider for MemoryDataKeyProvider {
    async fn generate(&self, account: &str) -> Result<(SealingKey, String), DataKeyError> {
        let mut key = [0; 32];
        OsRandom.fill(&mut key);
        let wrapped = sealing::seal(&self.0, account, &HEXLOWER.encode(&key));
        let wrapped = wrapped.map_err(|error| DataKeyError::Refused(error.to_string()))?;
        Ok((SealingKey::from_bytes(key), wrapped))
    }

    async fn unwrap(&self, account: &str, wrapped: &str) -> Result<SealingKey, DataKeyError> {
        let refused = || DataKeyError::Refused("not one of its keys".to_owned());
        let text = sealing::open(&self.0, account, wrapped).map_err(|_| refused())?;
        let bytes = HEXLOWER.decode(text.as_bytes()).map_err(|_| refused())?;
        Ok(SealingKey::from_bytes(bytes.try_into().map_err(|_| refused())?))
    }
}
