//! The keys of the account use cases, derived from the deployment's secrets. They never leave the process.

use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretBox};

use crate::key_derivation::{WeakSecret, check_length, derive, derive_hmac_key};
use crate::sealing::SealingKey;

/// Every key derived from the secrets `tokens`, `passwords` and `messages`.
#[derive(Debug)]
pub struct Keys {
    current: TokenKeys,
    /// Keys of the other token secrets during a rotation: they verify, and never sign here.
    others: Vec<TokenKeys>,
    index: hmac::Key,
    pepper: SecretBox<[u8; 32]>,
    messages: SealingKey,
}

/// The keys derived from one token secret.
#[derive(Debug)]
struct TokenKeys {
    refresh: hmac::Key,
    codes: hmac::Key,
    signing_seed: SecretBox<[u8; 32]>,
}

impl TokenKeys {
    fn derive(secret: &str) -> Result<Self, WeakSecret> {
        check_length("tokens", secret)?;
        Ok(Self {
            refresh: derive_hmac_key(secret, "refresh:v1"),
            codes: derive_hmac_key(secret, "codes:v1"),
            signing_seed: derive(secret, "signing:v1"),
        })
    }
}

impl Keys {
    /// Derives all keys.
    ///
    /// - `tokens`: one secret, or several separated by white space during a rotation (`infra/rotate-tokens`). The first
    ///   one signs; all of them verify. Replacing the secret without keeping the old one ends all sessions.
    /// - `passwords`: must never change, because password hashes and the index of phone numbers depend on it.
    /// - `messages`: shared with the relay, which has no other secret.
    ///
    /// # Errors
    /// [`WeakSecret`] names the first secret that is missing or has fewer than 43 characters.
    pub fn derive(tokens: &str, passwords: &str, messages: &str) -> Result<Self, WeakSecret> {
        check_length("passwords", passwords)?;
        let passwords = passwords.trim();
        let mut token_keys = tokens.split_whitespace().map(TokenKeys::derive);
        Ok(Self {
            current: token_keys.next().ok_or(WeakSecret("tokens"))??,
            others: token_keys.collect::<Result<_, _>>()?,
            index: derive_hmac_key(passwords, "index:v1"),
            pepper: derive(passwords, "pepper:v1"),
            messages: SealingKey::for_messages(messages)?,
        })
    }

    /// The Ed25519 seed that signs access tokens.
    pub fn signing_seed(&self) -> &[u8; 32] {
        self.current.signing_seed.expose_secret()
    }

    /// Seeds used by other instances during a rotation. Their public keys are published before they are used.
    pub fn other_seeds(&self) -> impl Iterator<Item = &[u8; 32]> {
        self.others.iter().map(|keys| keys.signing_seed.expose_secret())
    }

    fn verifying(&self) -> impl Iterator<Item = &TokenKeys> {
        std::iter::once(&self.current).chain(&self.others)
    }

    pub(super) fn pepper(&self) -> &[u8; 32] {
        self.pepper.expose_secret()
    }

    /// Seals messages in the outbox until the relay opens them.
    pub fn messages(&self) -> &SealingKey {
        &self.messages
    }

    pub(super) fn refresh_mac(&self, parts: &[&[u8]]) -> hmac::Tag {
        sign(&self.current.refresh, parts)
    }

    pub(super) fn refresh_matches(&self, parts: &[&[u8]], given: &[u8]) -> bool {
        let text = parts.concat();
        self.verifying().any(|keys| hmac::verify(&keys.refresh, &text, given).is_ok())
    }

    /// The stored form of a one-time code or link: an HMAC over all `parts`, in base64url.
    pub fn code_mac(&self, parts: &[&[u8]]) -> String {
        URL_SAFE_NO_PAD.encode(sign(&self.current.codes, parts))
    }

    pub(super) fn code_matches(&self, parts: &[&[u8]], stored: &str) -> bool {
        let Ok(stored) = URL_SAFE_NO_PAD.decode(stored) else { return false };
        let text = parts.concat();
        self.verifying().any(|keys| hmac::verify(&keys.codes, &text, &stored).is_ok())
    }

    /// The blind index of a personal value: finds it without storing it. A plain hash of a phone number could be
    /// reversed by trying all numbers; this HMAC cannot without the key.
    pub fn index(&self, kind: &str, value: &str) -> String {
        URL_SAFE_NO_PAD.encode(hmac::sign(&self.index, format!("{kind}:v1:{value}").as_bytes()))
    }
}

fn sign(key: &hmac::Key, parts: &[&[u8]]) -> hmac::Tag {
    let mut context = hmac::Context::with_key(key);
    parts.iter().for_each(|part| context.update(part));
    context.sign()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn during_a_rotation_the_first_token_secret_signs_and_all_verify() {
        let (old, new, pepper, messages) = ("o".repeat(64), "n".repeat(64), "p".repeat(64), "m".repeat(64));
        let keys = |tokens: &str| Keys::derive(tokens, &pepper, &messages).unwrap();
        let (before, between, after) = (keys(&old), keys(&format!("{old}\n{new}\n")), keys(&format!("{new} {old}")));
        let parts: [&[u8]; 2] = [b"head", b"salt"];
        for signer in [&before, &between, &after] {
            for verifier in [&between, &after] {
                assert!(verifier.refresh_matches(&parts, signer.refresh_mac(&parts).as_ref()));
                assert!(verifier.code_matches(&parts, &signer.code_mac(&parts)));
            }
        }
        assert!(!before.refresh_matches(&parts, after.refresh_mac(&parts).as_ref()), "it has only the old secret");
        assert!(!after.code_matches(&[b"other"], &after.code_mac(&parts)));
        assert_eq!(between.signing_seed(), before.signing_seed());
        assert_ne!(after.signing_seed(), before.signing_seed());
        assert_eq!(after.other_seeds().collect::<Vec<_>>(), [before.signing_seed()]);
        for weak in ["", "  ", "short", &format!("{new} short")] {
            assert_eq!(Keys::derive(weak, &pepper, &messages).unwrap_err(), WeakSecret("tokens"), "{weak:?}");
        }
    }
}
