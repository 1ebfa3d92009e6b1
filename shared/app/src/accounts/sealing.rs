//! Personal values at rest: AES-256-GCM, bound to the place they belong to.
//!
//! A sealed value moved to another account or field does not open. The first byte names the key, so keys can be replaced.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::{Failure, SealingKey};

const KEY_VERSION: u8 = 1;

/// Closes `value` for `place`, e.g. `accounts/<id>/phone`.
pub fn seal(key: &SealingKey, place: &str, value: &str) -> Result<String, Failure> {
    let mut text = value.as_bytes().to_vec();
    let nonce = cipher(key)
        .seal_in_place_append_tag(Aad::from(place), &mut text)
        .map_err(|_| Failure::Broken("a field was not sealed".to_owned()))?;
    Ok(URL_SAFE_NO_PAD.encode([&[KEY_VERSION][..], nonce.as_ref(), &text].concat()))
}

/// Opens what was sealed for the same `place`.
pub fn open(key: &SealingKey, place: &str, sealed: &str) -> Result<String, Failure> {
    try_open(key, place, sealed).ok_or_else(|| Failure::Broken(format!("a sealed field of {place} does not open")))
}

fn try_open(key: &SealingKey, place: &str, sealed: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(sealed).ok()?;
    let (version, rest) = bytes.split_first()?;
    let (nonce, text) = rest.split_at_checked(NONCE_LEN).filter(|_| *version == KEY_VERSION)?;
    let mut text = text.to_vec();
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let plain = cipher(key).open_in_place(nonce, Aad::from(place), &mut text).ok()?;
    String::from_utf8(plain.to_vec()).ok()
}

fn cipher(key: &SealingKey) -> RandomizedNonceKey {
    RandomizedNonceKey::new(&AES_256_GCM, key.bytes()).expect("32 bytes are the cipher's key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sealed_value_opens_only_in_its_own_place_and_unchanged() {
        let keys = SealingKey::of_messages(&"p".repeat(64)).unwrap();
        let sealed = seal(&keys, "accounts/a/phone", "13810548469").unwrap();
        assert!(!sealed.contains("138"));
        assert_ne!(sealed, seal(&keys, "accounts/a/phone", "13810548469").unwrap());
        assert_eq!(open(&keys, "accounts/a/phone", &sealed).unwrap(), "13810548469");
        assert!(open(&keys, "accounts/b/phone", &sealed).is_err());
        assert!(open(&keys, "accounts/a/phone", "").is_err());
        let other = SealingKey::of_messages(&"q".repeat(64)).unwrap();
        assert!(open(&other, "accounts/a/phone", &sealed).is_err());
        let mut changed = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for at in 0..changed.len() {
            changed[at] ^= 1;
            assert!(open(&keys, "accounts/a/phone", &URL_SAFE_NO_PAD.encode(&changed)).is_err(), "byte {at}");
            changed[at] ^= 1;
        }
    }
}
