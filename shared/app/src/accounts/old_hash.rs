//! How the old system kept passwords. Its hashes are fast to guess, so ours never rest as they came: the table holds
//! Argon2id *of* the old hash, and after the first sign-in Argon2id of the password itself.
//!
//! | scheme          | the old hash, in small hexadecimal digits |
//! |-----------------|-------------------------------------------|
//! | `md5`           | MD5(password)                             |
//! | `md5-salted`    | MD5(salt ‖ password)                      |
//! | `sha1-salted`   | SHA-1(salt ‖ password)                    |
//! | `sha256-salted` | SHA-256(salt ‖ password)                  |

use aws_lc_rs::digest::{Algorithm, SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldScheme {
    Md5,
    Md5Salted,
    Sha1Salted,
    Sha256Salted,
}

/// What the old hash was made with, besides the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldHash {
    pub scheme: OldScheme,
    #[serde(default)]
    pub salt: String,
}

impl OldHash {
    /// The old system's hash of `password`.
    pub fn of(&self, password: &[u8]) -> String {
        let salted = [self.salt.as_bytes(), password].concat();
        match self.scheme {
            OldScheme::Md5 => hex(&Md5::digest(password)),
            OldScheme::Md5Salted => hex(&Md5::digest(salted)),
            OldScheme::Sha1Salted => with(&SHA1_FOR_LEGACY_USE_ONLY, &salted),
            OldScheme::Sha256Salted => with(&SHA256, &salted),
        }
    }

    /// The least that can be told of a hash before anybody signs in with it: its length and digits.
    pub fn could_be(&self, hash: &str) -> bool {
        let digits = match self.scheme {
            OldScheme::Md5 | OldScheme::Md5Salted => 32,
            OldScheme::Sha1Salted => 40,
            OldScheme::Sha256Salted => 64,
        };
        hash.len() == digits && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    }
}

fn with(algorithm: &'static Algorithm, bytes: &[u8]) -> String {
    hex(digest(algorithm, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: IC-189
    #[test]
    fn every_scheme_of_the_old_system_comes_out_as_it_wrote_it() {
        // Made with md5sum, sha1sum and sha256sum.
        let vectors = [
            (OldScheme::Md5, "", "88b01189e08c03cbe07914e2be389a15"),
            (OldScheme::Md5Salted, "s4lt", "a5fffe8843746242517fbf279919bdfe"),
            (OldScheme::Sha1Salted, "s4lt", "5e2259890741cfa30579c460601bd7eadca13e6e"),
            (OldScheme::Sha256Salted, "s4lt", "9d58c1fcae69731d72a850f0e3ed1ffb145c3287f4d96116002ac9dfccbded11"),
        ];
        for (scheme, salt, expected) in vectors {
            let old = OldHash { scheme, salt: salt.to_owned() };
            assert_eq!(old.of(b"Old-Passw0rd"), expected, "{scheme:?}");
            assert!(old.could_be(expected) && !old.could_be(&expected[1..]) && !old.could_be(&expected.to_uppercase()));
        }
    }
}
