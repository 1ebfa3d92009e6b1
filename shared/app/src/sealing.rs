//! Authenticated encryption of small texts: AES-256-GCM, each value bound to the place where it is stored.
//!
//! The place (table, row, field) is the associated data, so a sealed value that is copied to another row or field does
//! not open. A sealed value is base64url (without padding) of: one version byte, a 12-byte nonce, the ciphertext, a
//! 16-byte tag.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretBox};

use crate::key_derivation::{self, WeakSecret};

/// The first byte of every sealed value, so that the format can change.
const FORMAT_VERSION: u8 = 1;

/// A 256-bit key for [`seal`] and [`open`].
#[derive(Debug)]
pub struct SealingKey(SecretBox<[u8; 32]>);

impl SealingKey {
    /// The key that seals messages in the outbox until the relay sends them, derived from the secret `messages`.
    ///
    /// # Errors
    /// [`WeakSecret`] when the secret has fewer than 43 characters.
    pub fn for_messages(secret: &str) -> Result<Self, WeakSecret> {
        key_derivation::check_length("messages", secret)?;
        Ok(Self(key_derivation::derive(secret.trim(), "messages:v1")))
    }

    /// A key made elsewhere, e.g. a data key of KMS.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(SecretBox::new(Box::new(bytes)))
    }

    fn cipher(&self) -> RandomizedNonceKey {
        RandomizedNonceKey::new(&AES_256_GCM, self.0.expose_secret()).expect("AES-256 keys have 32 bytes")
    }
}

/// Why a value was not sealed or opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SealingError {
    /// The cipher failed; the value is not in the error.
    #[error("a value was not sealed")]
    NotSealed,
    /// Another key, another place (named here), or a changed value.
    #[error("the sealed value of {0} does not open")]
    NotOpened(String),
}

/// Seals `value` for `place`, e.g. `outbox/<id>`.
///
/// # Errors
/// [`SealingError::NotSealed`] when the cipher fails.
pub fn seal(key: &SealingKey, place: &str, value: &str) -> Result<String, SealingError> {
    let mut text = value.as_bytes().to_vec();
    let sealed = key.cipher().seal_in_place_append_tag(Aad::from(place), &mut text);
    let nonce = sealed.map_err(|_| SealingError::NotSealed)?;
    Ok(URL_SAFE_NO_PAD.encode([&[FORMAT_VERSION][..], nonce.as_ref(), &text].concat()))
}

/// Opens a value that was sealed with the same key for the same place.
///
/// # Errors
/// [`SealingError::NotOpened`] for another key or place, a changed value, or text that is not a sealed value.
pub fn open(key: &SealingKey, place: &str, sealed: &str) -> Result<String, SealingError> {
    try_open(key, place, sealed).ok_or_else(|| SealingError::NotOpened(place.to_owned()))
}

fn try_open(key: &SealingKey, place: &str, sealed: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (version, rest) = bytes.split_first()?;
    let (nonce, text) = rest.split_at_checked(NONCE_LEN).filter(|_| *version == FORMAT_VERSION)?;
    let mut text = text.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let plain = key.cipher().open_in_place(nonce, Aad::from(place), &mut text).ok()?;
    String::from_utf8(plain.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sealed_value_opens_only_with_its_key_in_its_place_and_unchanged() {
        let key = SealingKey::for_messages(&"p".repeat(64)).unwrap();
        let sealed = seal(&key, "accounts/a/phone", "13810548469").unwrap();
        assert!(!sealed.contains("138"));
        assert_ne!(sealed, seal(&key, "accounts/a/phone", "13810548469").unwrap(), "each value has its own nonce");
        assert_eq!(open(&key, "accounts/a/phone", &sealed).unwrap(), "13810548469");
        assert!(open(&key, "accounts/b/phone", &sealed).is_err());
        assert!(open(&key, "accounts/a/phone", "").is_err());
        let other = SealingKey::for_messages(&"q".repeat(64)).unwrap();
        assert!(open(&other, "accounts/a/phone", &sealed).is_err());
        let mut changed = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for at in 0..changed.len() {
            changed[at] ^= 1;
            assert!(open(&key, "accounts/a/phone", &URL_SAFE_NO_PAD.encode(&changed)).is_err(), "byte {at}");
            changed[at] ^= 1;
        }
    }

    #[test]
    fn debug_output_of_a_key_hides_its_bytes() {
        assert_eq!(format!("{:?}", SealingKey::from_bytes([7; 32])), "SealingKey(SecretBox<[u8; 32]>([REDACTED]))");
    }
}
