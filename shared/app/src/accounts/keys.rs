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
    refresh: hmac::Key,
    codes: hmac::Key,
    index: hmac::Key,
    pepper: Zeroizing<[u8; 32]>,
    signing_seed: Zeroizing<[u8; 32]>,
    messages: SealingKey,
}

impl Keys {
    /// `tokens` may change at any time (everybody signs in again); `passwords` may not: hashes and the index of phone numbers
    /// depend on it.
    /// `messages` is shared with the relay, which holds nothing else.
    pub fn derive(tokens: &str, passwords: &str, messages: &str) -> Result<Self, WeakSecret> {
        for (name, secret) in [("tokens", tokens), ("passwords", passwords)] {
            strong(name, secret)?;
        }
        let (tokens, passwords) = (tokens.trim(), passwords.trim());
        let mac = |secret, label| hmac::Key::new(hmac::HMAC_SHA256, expand(secret, label).as_ref());
        Ok(Self {
            refresh: mac(tokens, "refresh:v1"),
            codes: mac(tokens, "codes:v1"),
            index: mac(passwords, "index:v1"),
            pepper: expand(passwords, "pepper:v1"),
            signing_seed: expand(tokens, "signing:v1"),
            messages: SealingKey::of_messages(messages)?,
        })
    }

    /// The Ed25519 seed that signs access tokens.
    pub fn signing_seed(&self) -> &[u8; 32] {
        &self.signing_seed
    }

    pub(super) fn pepper(&self) -> &[u8; 32] {
        &self.pepper
    }

    /// Seals messages until the relay opens them.
    pub fn messages(&self) -> &SealingKey {
        &self.messages
    }

    pub(super) fn refresh_mac(&self, parts: &[&[u8]]) -> hmac::Tag {
        tag(&self.refresh, parts)
    }

    pub(super) fn refresh_matches(&self, parts: &[&[u8]], given: &[u8]) -> bool {
        hmac::verify(&self.refresh, &parts.concat(), given).is_ok()
    }

    /// What is stored of a one-time code or link, bound to everything in `parts`.
    pub fn code_mac(&self, parts: &[&[u8]]) -> String {
        URL_SAFE_NO_PAD.encode(tag(&self.codes, parts))
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
