//! What makes a receipt checkable: its image number and a mark that only we can make, short enough for a small QR code.

use std::fmt;

use aws_lc_rs::{constant_time, hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::image_number::ImageNumber;

/// The least characters of the secret: the template generates 64 letters and digits.
const SECRET_CHARS_MIN: usize = 43;

/// Of the 32 bytes of HMAC-SHA-256; RFC 2104, section 5, allows the half.
const MARK_BYTES: usize = 16;

/// `AL200166498`
const NUMBER_BYTES: usize = 11;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret of the receipts is shorter than {SECRET_CHARS_MIN} characters")]
pub struct WeakReceiptSecret;

#[derive(Clone)]
pub struct ReceiptKey(hmac::Key);

impl fmt::Debug for ReceiptKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiptKey(..)")
    }
}

impl ReceiptKey {
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

    pub fn seal(&self, number: ImageNumber) -> String {
        let number = number.to_string();
        URL_SAFE_NO_PAD.encode([number.as_bytes(), self.mark(number.as_bytes()).as_slice()].concat())
    }

    /// The number, if this very text was made by `seal`.
    pub fn open(&self, token: &str) -> Option<ImageNumber> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (number, mark) = bytes.split_at_checked(NUMBER_BYTES)?;
        constant_time::verify_slices_are_equal(&self.mark(number), mark).ok()?;
        let number: ImageNumber = std::str::from_utf8(number).ok()?.parse().ok()?;
        Some(number)
    }

    fn mark(&self, number: &[u8]) -> [u8; MARK_BYTES] {
        let mut mark = [0; MARK_BYTES];
        mark.copy_from_slice(&hmac::sign(&self.0, number).as_ref()[..MARK_BYTES]);
        mark
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    /// Covers: IC-85, IC-196
    #[test]
    fn a_token_opens_unchanged_and_with_its_own_key_only() {
        let key = ReceiptKey::derive(SECRET).unwrap();
        let number: ImageNumber = "AL200166498".parse().unwrap();
        let token = key.seal(number);
        assert_eq!((token.len(), key.open(&token)), (36, Some(number)));
        assert_eq!(token, ReceiptKey::derive(SECRET).unwrap().seal(number), "a receipt printed twice says the same");
        for at in 0..token.len() {
            let mut other = token.clone().into_bytes();
            other[at] = if other[at] == b'A' { b'B' } else { b'A' };
            let other = String::from_utf8(other).unwrap();
            assert!(other == token || key.open(&other).is_none(), "at {at}");
        }
        let others = ReceiptKey::derive(&SECRET.replace('0', "x")).unwrap();
        assert_eq!(others.open(&token), None);
        for text in ["", "A", "AL200166498", &token[..35], &format!("{token}A"), "他人的回执"] {
            assert_eq!(key.open(text), None, "{text}");
        }
        assert_eq!(ReceiptKey::derive("short").unwrap_err(), WeakReceiptSecret);
    }
}
