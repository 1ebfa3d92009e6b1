//! Keys derived from the deployment's secrets with HKDF-SHA-256 (RFC 5869).

use aws_lc_rs::{hkdf, hmac};
use secrecy::{ExposeSecret, SecretBox};

/// The least characters of a secret. The stack's template generates 64 letters and digits.
const SECRET_CHARS_MIN: usize = 43;
/// Keeps our keys apart from keys that another application derives from the same secret.
const SALT: &[u8] = b"id-photo-centre/identity";

/// A deployment secret that is missing or too short. Holds the secret's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret `{0}` is shorter than {SECRET_CHARS_MIN} characters")]
pub struct WeakSecret(pub &'static str);

/// # Errors
/// [`WeakSecret`] when `secret`, trimmed, has fewer than 43 characters.
pub(crate) fn check_length(name: &'static str, secret: &str) -> Result<(), WeakSecret> {
    if secret.trim().len() < SECRET_CHARS_MIN { Err(WeakSecret(name)) } else { Ok(()) }
}

/// 32 bytes for one purpose, named by `label`, e.g. `refresh:v1`.
pub(crate) fn derive(secret: &str, label: &str) -> SecretBox<[u8; 32]> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, SALT);
    SecretBox::init_with_mut(|key: &mut [u8; 32]| {
        salt.extract(secret.as_bytes())
            .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
            .and_then(|okm| okm.fill(key))
            .expect("HKDF-SHA-256 gives up to 8,160 bytes");
    })
}

/// A key for HMAC-SHA-256, for the purpose named by `label`.
pub(crate) fn derive_hmac_key(secret: &str, label: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, derive(secret, label).expose_secret())
}
