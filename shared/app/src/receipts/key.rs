//! The signed token in the left QR code of a receipt: the image number and a message authentication code, short enough
//! for a small QR code.

use std::fmt;

use aws_lc_rs::{constant_time, hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::image_number::ImageNumber;

/// The fewest characters of the secret: 43 letters and digits have 256 bits of entropy. The template generates 64.
const SECRET_CHARS_MIN: usize = 43;

/// The code is HMAC-SHA-256, truncated to half its 32 bytes as RFC 2104, section 5, allows.
const MAC_BYTES: usize = 16;

/// The length of `AL200166498`.
const NUMBER_BYTES: usize = 11;

/// The configured secret is too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret of the receipts is shorter than {SECRET_CHARS_MIN} characters")]
pub struct WeakReceiptSecret;

/// The key that signs receipts.
#[derive(Clone)]
pub struct ReceiptKey(hmac::Key);

impl fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptKey(..)")
    }
}

impl ReceiptKey {
    /// The key derived from the configured secret by HKDF-SHA-256.
    ///
    /// # Errors
    ///
    /// If `secret` has fewer than 43 characters.
    pub fn derive(secret: &str) -> Result<Self, WeakReceiptSecret> {
        let secret = secret.trim();
        if secret.len() < SECRET_CHARS_MIN {
            return Err(WeakReceiptSecret);
        }
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"id-photo-centre/receipts");
        let key = salt.extract(secret.as_bytes());
        let key = key.expand(&[b"check:v1"], hmac::HMAC_SHA256).map_err(|_| WeakReceiptSecret)?;
        Ok(Self(key.into()))
    }

    /// The token of a photo: 36 characters of base64url.
    pub fn sign(&self, number: ImageNumber) -> String {
        let number = number.to_string();
        URL_SAFE_NO_PAD.encode([number.as_bytes(), self.mac(number.as_bytes()).as_slice()].concat())
    }

    /// The image number in `token`; `None` if [`Self::sign`] did not make it with this key.
    pub fn verify(&self, token: &str) -> Option<ImageNumber> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (number, mac) = bytes.split_at_checked(NUMBER_BYTES)?;
        constant_time::verify_slices_are_equal(&self.mac(number), mac).ok()?;
        let number: ImageNumber = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some(number)
    }

    fn mac(&self, number: &[u8]) -> [u8; MAC_BYTES] {
        let mut mac = [0; MAC_BYTES];
        mac.copy_from_slice(&hmac::sign(&self.0, number).as_ref()[..MAC_BYTES]);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// Covers: IC-85, IC-196
    #[test]
    fn token_is_accepted_only_unchanged_and_with_the_key_that_signed_it() {
        let key = ReceiptKey::derive(SECRET).unwrap();
        let number: ImageNumber = "AL200166498".parse().unwrap();
        let token = key.sign(number);
        assert_eq!((token.len(), key.verify(&token)), (36, Some(number)));
        assert_eq!(
            token,
            ReceiptKey::derive(SECRET).unwrap().sign(number),
            "a receipt that is printed twice has the same token"
        );
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert!(other == token || key.verify(&other).is_none(), "at {at}");
        }
        let others = ReceiptKey::derive(&SECRET.replace('0', "x")).unwrap();
        assert_eq!(others.verify(&token), None);
        for text in ["", "A", "AL200166498", &token[..35], &format!("{token}A"), "他人的回执"] {
            assert_eq!(key.verify(text), None, "{text}");
        }
        assert_eq!(ReceiptKey::derive("short").unwrap_err(), WeakReceiptSecret);
    }
}
