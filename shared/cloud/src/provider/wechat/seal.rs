//! The encrypted part of callbacks and certificates: AES-256-GCM with the merchant's API v3 key.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::provider::rsa::InvalidKey;

/// The merchant's API v3 key as an AES-256-GCM key.
#[derive(Debug)]
pub struct ResourceKey(LessSafeKey);

/// Encrypted content, as the provider sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    /// Always `AEAD_AES_256_GCM`.
    pub algorithm: String,
    /// Base64 of the ciphertext followed by its tag of 16 bytes.
    pub ciphertext: String,
    /// Authenticated, not encrypted.
    #[serde(default)]
    pub associated_data: String,
    /// 12 characters.
    pub nonce: String,
    /// What the content is, such as `transaction`.
    #[serde(default)]
    pub original_type: String,
}

impl ResourceKey {
    /// A key of exactly 32 bytes; other lengths belong to other ciphers.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if the length differs.
    pub fn new(key: &str) -> Result<Self, InvalidKey> {
        let key = UnboundKey::new(&AES_256_GCM, key.as_bytes());
        key.map(|key| Self(LessSafeKey::new(key)))
            .map_err(|_| InvalidKey("the API v3 key does not have 32 bytes".into()))
    }

    /// The plain text; `None` if anything was changed after encryption or the algorithm is another one.
    pub fn open(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        if sealed.algorithm != "AEAD_AES_256_GCM" {
            return None;
        }
        let mut text = STANDARD.decode(&sealed.ciphertext).ok()?;
        let nonce = Nonce::try_assume_unique_for_key(sealed.nonce.as_bytes()).ok()?;
        let plain = self.0.open_in_place(nonce, Aad::from(sealed.associated_data.as_bytes()), &mut text).ok()?;
        Some(plain.to_vec())
    }

    /// Encrypts, for the sandbox and tests. `nonce` has 12 characters and must never be used twice with one key; `None` if it has
    /// another length.
    pub fn seal(&self, plain: &[u8], nonce: &str, associated_data: &str, original_type: &str) -> Option<Sealed> {
        let bytes: [u8; NONCE_LEN] = nonce.as_bytes().try_into().ok()?;
        let mut text = plain.to_vec();
        let nonce_value = Nonce::assume_unique_for_key(bytes);
        self.0.seal_in_place_append_tag(nonce_value, Aad::from(associated_data.as_bytes()), &mut text).ok()?;
        Some(Sealed {
            algorithm: "AEAD_AES_256_GCM".into(),
            ciphertext: STANDARD.encode(text),
            associated_data: associated_data.to_owned(),
            nonce: nonce.to_owned(),
            original_type: original_type.to_owned(),
        })
    }
}
