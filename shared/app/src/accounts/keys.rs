//! The keys of the identity rooms, derived from the deployment's secrets. None of them ever leaves the process.

use std::fmt;

use aws_lc_rs::{hkdf, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// The least characters of a secret: the template generates 64 letters and digits.
const SECRET_CHARS_MIN: usize = 43;

/// A deployment secret that is missing or too short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the secret `{0}` is shorter than {SECRET_CHARS_MIN} characters")]
pub struct WeakSecret(pub &'static str);

pub struct Keys {
    current: TokenKeys,
    /// Known, too: what they made is still good, or they are about to make something elsewhere.
    others: Vec<TokenKeys>,
    index: hmac::Key,
    pepper: Zeroizing<[u8; 32]>,
    messages: SealingKey,
}

/// What one word of the tokens' secret makes.
struct TokenKeys {
    refresh: hmac::Key,
    codes: hmac::Key,
    signing_seed: Zeroizing<[u8; 32]>,
}

impl TokenKeys {
    fn derive(word: &str) -> Result<Self, WeakSecret> {
        strong("tokens", word)?;
        Ok(Self {
            refresh: mac(word, "refresh:v1"),
            codes: mac(word, "codes:v1"),
            signing_seed: expand(word, "signing:v1"),
        })
    }
}

impl Keys {
    /// `tokens` is one word, or several during and after a change of it (`infra/rotate-tokens`): the first makes tokens and codes,
    /// all of them know their own. With one new word alone everybody signs in again. `passwords` never changes: hashes and the
    /// index of phone numbers depend on it. `messages` is shared with the relay, which holds nothing else.
    pub fn derive(tokens: &str, passwords: &str, messages: &str) -> Result<Self, WeakSecret> {
        strong("passwords", passwords)?;
        let passwords = passwords.trim();
        let mut words = tokens.split_whitespace().map(TokenKeys::derive);
        Ok(Self {
            current: words.next().ok_or(WeakSecret("tokens"))??,
            others: words.collect::<Result<_, _>>()?,
            index: mac(passwords, "index:v1"),
            pepper: expand(passwords, "pepper:v1"),
            messages: SealingKey::of_messages(messages)?,
        })
    }

    /// The Ed25519 seed that signs access tokens.
    pub fn signing_seed(&self) -> &[u8; 32] {
        &self.current.signing_seed
    }

    /// The seeds that sign elsewhere, or may soon: their public halves are known to everybody before they do.
    pub fn other_seeds(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.others.iter().map(|keys| &*keys.signing_seed)
    }

    fn known(&self) -> impl Iterator<Item = &TokenKeys> {
        std::iter::once(&self.current).chain(&self.others)
    }

    pub(super) fn pepper(&self) -> &[u8; 32] {
        &self.pepper
    }

    /// Seals messages until the relay opens them.
    pub fn messages(&self) -> &SealingKey {
        &self.messages
    }

    pub(super) fn refresh_mac(&self, parts: &[&[u8]]) -> hmac::Tag {
        tag(&self.current.refresh, parts)
    }

    pub(super) fn refresh_matches(&self, parts: &[&[u8]], given: &[u8]) -> bool {
        let text = parts.concat();
        self.known().any(|keys| hmac::verify(&keys.refresh, &text, given).is_ok())
    }

    /// What is stored of a one-time code or link, bound to everything in `parts`.
    pub fn code_mac(&self, parts: &[&[u8]]) -> String {
        URL_SAFE_NO_PAD.encode(tag(&self.current.codes, parts))
    }

    pub(super) fn code_matches(&self, parts: &[&[u8]], stored: &str) -> bool {
        let Ok(stored) = URL_SAFE_NO_PAD.decode(stored) else { return false };
        let text = parts.concat();
        self.known().any(|keys| hmac::verify(&keys.codes, &text, &stored).is_ok())
    }

    /// Finds a personal value without storing it: plain hashes of numbers are reversible, this is not without the key.
    pub fn index(&self, kind: &str, value: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.index, format!("{kind}:v1:{value}").as_bytes()))
    }
}

/// A key for [`sealing`](super::sealing).
pub struct SealingKey(Zeroizing<[u8; 32]>);

impl SealingKey {
    pub fn of_messages(secret: &str) -> Result<Self, WeakSecret> {
        strong("messages", secret)?;
        Ok(Self(expand(secret.trim(), "messages:v1")))
    }

    /// A key that was made elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SealingKey(..)")
    }
}

fn strong(name: &'static str, secret: &str) -> Result<(), WeakSecret> {
    if secret.trim().len() < SECRET_CHARS_MIN { Err(WeakSecret(name)) } else { Ok(()) }
}

fn mac(secret: &str, label: &str) -> hmac::Key {
    hmac::Key::new(hmac::HMAC_SHA256, expand(secret, label).as_ref())
}

fn tag(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    parts.iter().for_each(|part| context.update(part));
    context.sign()
}

fn expand(secret: &str, label: &str) -> Zeroizing<[u8; 32]> {
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"id-photo-centre/identity");
    let mut key = Zeroizing::new([0; 32]);
    salt.extract(secret.as_bytes())
        .expand(&[label.as_bytes()], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut()))
        .expect("32 bytes are within what HKDF gives");
    key
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_a_change_the_new_word_makes_and_both_are_known() {
        let (old, new, pepper, messages) = ("o".repeat(64), "n".repeat(64), "p".repeat(64), "m".repeat(64));
        let keys = |tokens: &str| Keys::derive(tokens, &pepper, &messages).unwrap();
        let (before, between, after) = (keys(&old), keys(&format!("{old}\n{new}\n")), keys(&format!("{new} {old}")));
        let parts: [&[u8]; 2] = [b"head", b"salt"];
        for made_by in [&before, &between, &after] {
            for read_by in [&between, &after] {
                assert!(read_by.refresh_matches(&parts, made_by.refresh_mac(&parts).as_ref()));
                assert!(read_by.code_matches(&parts, &made_by.code_mac(&parts)));
            }
        }
        assert!(!before.refresh_matches(&parts, after.refresh_mac(&parts).as_ref()), "one that has not heard of it");
        assert!(!after.code_matches(&[b"other"], &after.code_mac(&parts)));
        assert_eq!(between.signing_seed(), before.signing_seed());
        assert_ne!(after.signing_seed(), before.signing_seed());
        assert_eq!(after.other_seeds().collect::<Vec<_>>(), [before.signing_seed()]);
        for weak in ["", "  ", "short", &format!("{new} short")] {
            assert_eq!(Keys::derive(weak, &pepper, &messages).unwrap_err(), WeakSecret("tokens"), "{weak:?}");
        }
    }
}
