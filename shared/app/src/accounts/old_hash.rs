//! The password hashes of the old system. They are fast to guess, so they are not stored: the table holds Argon2id *of*
//! the old hash, and after the first sign-in Argon2id of the password itself.
//!
//! | scheme          | the old hash, in lower-case hexadecimal   |
//! |-----------------|-------------------------------------------|
//! | `md5`           | MD5(password)                             |
//! | `md5-salted`    | MD5(salt ‖ password)                      |
//! | `sha1-salted`   | SHA-1(salt ‖ password)                    |
//! | `sha256-salted` | SHA-256(salt ‖ password)                  |

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use data_encoding::HEXLOWER;
use md5::{Digest, Md5};
use serde::{Deserialize, Serialize};

/// A hash scheme of the old system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OldScheme {
    /// MD5(password)
    Md5,
    /// MD5(salt ‖ password)
    Md5Salted,
    /// SHA-1(salt ‖ password)
    Sha1Salted,
    /// SHA-256(salt ‖ password)
    Sha256Salted,
}

/// How an old hash was made from the password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldHash {
    /// The scheme.
    pub scheme: OldScheme,
    /// The salt; empty for the scheme without one.
    #[serde(default)]
    pub salt: String,
}

impl OldHash {
    /// The old system's hash of `password`, in lower-case hexadecimal.
    pub fn compute(&self, password: &[u8]) -> String {
        let salted = [self.salt.as_bytes(), password].concat();
        match self.scheme {
            OldScheme::Md5 => HEXLOWER.encode(&Md5::digest(password)),
            OldScheme::Md5Salted => HEXLOWER.encode(&Md5::digest(salted)),
            OldScheme::Sha1Salted => HEXLOWER.encode(digest(&SHA1_FOR_LEGACY_USE_ONLY, &salted).as_ref()),
            OldScheme::Sha256Salted => HEXLOWER.encode(digest(&SHA256, &salted).as_ref()),
        }
    }

    /// Whether `hash` has the length and the digits of this scheme. More cannot be checked without the password.
    pub fn has_valid_form(&self, hash: &str) -> bool {
        let digits = match self.scheme {
            OldScheme::Md5 | OldScheme::Md5Salted => 32,
            OldScheme::Sha1Salted => 40,
            OldScheme::Sha256Salted => 64,
        };
        hash.len() == digits && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers: IC-189
    #[test]
    fn hash_of_every_old_scheme_equals_the_one_of_the_standard_tools() {
        // Computed with md5sum, sha1sum and sha256sum.
        let vectors = [
            (OldScheme::Md5, "", "88b01189e08c03cbe07914e2be389a15"),
            (OldScheme::Md5Salted, "s4lt", "a5fffe8843746242517fbf279919bdfe"),
            (OldScheme::Sha1Salted, "s4lt", "5e2259890741cfa30579c460601bd7eadca13e6e"),
            (OldScheme::Sha256Salted, "s4lt", "9d58c1fcae69731d72a850f0e3ed1ffb145c3287f4d96116002ac9dfccbded11"),
        ];
        for (scheme, salt, expected) in vectors {
            let old = OldHash { scheme, salt: salt.to_owned() };
            assert_eq!(old.compute(b"Old-Passw0rd"), expected, "{scheme:?}");
            assert!(old.has_valid_form(expected));
            assert!(!old.has_valid_form(&expected[1..]) && !old.has_valid_form(&expected.to_uppercase()));
        }
    }
}
