//! Page cursors that a client can return but cannot read, change or use on another list (AES-256-GCM).

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use axum::http::StatusCode;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::Problem;

/// Longest cursor that is read, in characters.
const CHARS_MAX: usize = 2048;

/// Seals and opens cursors with one key.
pub struct Cursors {
    key: RandomizedNonceKey,
}

impl fmt::Debug for Cursors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Cursors")
    }
}

impl Cursors {
    /// Cursors sealed with `key`, which all instances of a function share.
    pub fn new(key: &[u8; 32]) -> Self {
        Self { key: RandomizedNonceKey::new(&AES_256_GCM, key).expect("an AES-256 key has 32 bytes") }
    }

    /// A cursor for `position`, valid only for `list`: that text names the list, its owner and its filters.
    ///
    /// # Errors
    /// [`Problem::internal`] if `position` cannot be serialised.
    pub fn seal(&self, list: &str, position: &impl Serialize) -> Result<String, Problem> {
        let mut text = serde_json::to_vec(position).map_err(Problem::internal)?;
        let nonce = self.key.seal_in_place_append_tag(Aad::from(list), &mut text).map_err(Problem::internal)?;
        let mut sealed = nonce.as_ref().to_vec();
        sealed.extend_from_slice(&text);
        Ok(URL_SAFE_NO_PAD.encode(sealed))
    }

    /// The position in a `cursor` of the same list.
    ///
    /// # Errors
    /// 400 `cursor-invalid` for any other text.
    pub fn open<T: DeserializeOwned>(&self, list: &str, cursor: &str) -> Result<T, Problem> {
        self.try_open(list, cursor).ok_or_else(|| Problem::new(StatusCode::BAD_REQUEST, "cursor-invalid"))
    }

    fn try_open<T: DeserializeOwned>(&self, list: &str, cursor: &str) -> Option<T> {
        let sealed = URL_SAFE_NO_PAD.decode(Some(cursor).filter(|cursor| cursor.len() <= CHARS_MAX)?).ok()?;
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let plain = self.key.open_in_place(nonce, Aad::from(list), &mut text).ok()?;
        serde_json::from_slice(plain).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_opens_only_for_its_own_list_and_unchanged() {
        let cursors = Cursors::new(&[7; 32]);
        let cursor = cursors.seal("photos/a", &("pk", 42)).unwrap();
        assert_eq!(cursors.open::<(String, i32)>("photos/a", &cursor).unwrap(), ("pk".to_owned(), 42));
        assert!(cursors.open::<(String, i32)>("photos/b", &cursor).is_err());
        for at in 0..cursor.len() {
            let mut changed = cursor.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(
                changed == cursor || cursors.open::<(String, i32)>("photos/a", &changed).is_err(),
                "character {at}"
            );
        }
        assert!(cursors.open::<String>("photos/a", "").is_err());
    }
}
