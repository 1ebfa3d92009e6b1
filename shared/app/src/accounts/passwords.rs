//! Password hashing: Argon2id with a pepper, which is a deployment secret and in no table.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::account::Password;

use super::Keys;
use super::rows::AccountRow;
use crate::random::Random;

/// OWASP's minimum for Argon2id: 19 MiB, two passes, one lane; 43 ms measured on x86-64.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

#[derive(Debug, Clone)]
pub(super) struct Passwords {
    keys: Arc<Keys>,
    /// The hash of a random password. Verifying it for an unknown name takes as long as for a known one.
    dummy_hash: Arc<str>,
}

impl Passwords {
    pub fn new(keys: Arc<Keys>, random: &dyn Random) -> Self {
        let mut passwords = Self { keys, dummy_hash: Arc::from("") };
        let mut unknown = [0; 32];
        random.fill(&mut unknown);
        passwords.dummy_hash = passwords.hash_bytes(&unknown, random).into();
        passwords
    }

    pub fn hash(&self, password: &Password, random: &dyn Random) -> String {
        self.hash_bytes(password.as_bytes(), random)
    }

    /// The stored form of an imported account's old hash.
    pub fn hash_old(&self, hash: &str, random: &dyn Random) -> String {
        self.hash_bytes(hash.as_bytes(), random)
    }

    /// Whether `password` is the account's, directly or through the old hash the account was imported with.
    pub fn matches(&self, password: &Password, account: Option<&AccountRow>) -> bool {
        let stored = account.and_then(|account| account.password_hash.as_deref());
        match account.and_then(|account| account.old_hash.as_ref()) {
            Some(old) => self.verify_bytes(old.compute(password.as_bytes()).as_bytes(), stored),
            None => self.verify(password, stored),
        }
    }

    fn hash_bytes(&self, password: &[u8], random: &dyn Random) -> String {
        let mut salt = [0; 16];
        random.fill(&mut salt);
        let hash =
            self.argon2().hash_password_with_salt(password, &salt).expect("the parameters are within Argon2's bounds");
        hash.to_string()
    }

    /// Whether `password` has the hash `stored`; `None` takes the same time.
    pub fn verify(&self, password: &Password, stored: Option<&str>) -> bool {
        self.verify_bytes(password.as_bytes(), stored)
    }

    fn verify_bytes(&self, password: &[u8], stored: Option<&str>) -> bool {
        let hash = stored.unwrap_or(&self.dummy_hash);
        let Ok(hash) = PasswordHash::new(hash) else { return false };
        let matches = self.argon2().verify_password(password, &hash).is_ok();
        matches && stored.is_some()
    }

    /// Whether a hash was made with other parameters than the present ones.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let params = PasswordHash::new(stored).ok().and_then(|hash| Params::try_from(&hash).ok());
        params.is_none_or(|params| (params.m_cost(), params.t_cost(), params.p_cost()) != (MEMORY_KIB, PASSES, LANES))
    }

    fn argon2(&self) -> Argon2<'_> {
        let params = Params::new(MEMORY_KIB, PASSES, LANES, None).expect("the parameters are within Argon2's bounds");
        Argon2::new_with_secret(self.keys.pepper(), Algorithm::Argon2id, Version::V0x13, params)
            .expect("the pepper is within Argon2's bounds")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::OsRandom;

    fn keys(pepper: &str) -> Arc<Keys> {
        Arc::new(Keys::derive(&"t".repeat(64), &pepper.repeat(64), &"m".repeat(64)).unwrap())
    }

    #[test]
    fn hash_has_owasps_minimum_parameters_and_matches_only_its_password_with_its_pepper() {
        let passwords = Passwords::new(keys("p"), &OsRandom);
        let (right, wrong) = (Password::typed("kV9#wq2t").unwrap(), Password::typed("kV9#wq2T").unwrap());
        let stored = passwords.hash(&right, &OsRandom);
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert!(passwords.verify(&right, Some(&stored)));
        assert!(!passwords.verify(&wrong, Some(&stored)));
        assert!(!passwords.verify(&right, None));
        assert!(!Passwords::new(keys("q"), &OsRandom).verify(&right, Some(&stored)));
        assert_ne!(stored, passwords.hash(&right, &OsRandom), "every hash has its own salt");
        assert!(!passwords.is_outdated(&stored));
        assert!(passwords.is_outdated(&stored.replace("t=2", "t=1")));
    }
}
