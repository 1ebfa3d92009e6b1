//! The sealed part of a callback: AES-256-GCM under the merchant's API v3 key.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::provider::rsa::BadKey;

pub struct ResourceKey(LessSafeKey);

impl std::fmt::Debug for ResourceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ResourceKey")
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    pub algorithm: String,
    /// Base64 of the cipher text and its 16 bytes of tag.
    pub ciphertext: String,
    #[serde(default)]
    pub associated_data: String,
    pub nonce: String,
    #[serde(default)]
    pub original_type: String,
}

impl ResourceKey {
    /// Exactly 32 bytes: a shorter key would be another cipher.
    pub fn new(key: &str) -> Result<Self, BadKey> {
        let key = UnboundKey::new(&AES_256_GCM, key.as_bytes());
        key.map(|key| Self(LessSafeKey::new(key))).map_err(|_| BadKey("an API v3 key has 32 bytes".into()))
    }

    /// The plain text, or nothing when a bit of it is not as it was sealed.
    pub fn open(&self, sealed: &Sealed) -> Option<Vec<u8>> {
        if sealed.algorithm != "AEAD_AES_256_GCM" {
            return None;
        }
        let mut text = STANDARD.decode(&sealed.ciphertext).ok()?;
        let nonce = Nonce::try_assume_unique_for_key(sealed.nonce.as_bytes()).ok()?;
        let plain = self.0.open_in_place(nonce, Aad::from(sealed.associated_data.as_bytes()), &mut text).ok()?;
        Some(plain.to_vec())
    }

    /// For whoever plays the provider. `nonce`: 12 characters, never twice under one key.
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
