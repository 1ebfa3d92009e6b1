//! Accounts: registration, sign-in, sessions, personal data, roles and the closing of an account.
//!
//! Most use cases are methods of [`Accounts`], each in a file of its own. What needs no secret is apart:
//! [`AccountAdmin`] (roles), [`AccountClosures`] (the due task), [`PublicKeys`] and [`is_live`] (which every function
//! asks).

mod addresses;
mod bind_email;
mod bind_phone;
mod change_password;
mod close_account;
mod closure_blockers;
mod codes;
mod data_keys;
mod error;
mod export;
mod field_encryption;
mod import;
mod keys;
mod old_hash;
mod passwords;
mod profile;
mod public_keys;
mod qr;
mod recover;
mod refresh;
mod register;
mod roles;
mod rows;
mod second_factor;
mod sessions;
mod sign_in;
mod step_up;
#[cfg(test)]
mod tests;
mod totp;

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

pub use addresses::AddressChange;
pub use bind_email::{BindEmailRequest, SentLink};
pub use close_account::{AccountClosures, COOLING_OFF};
pub use codes::{CodeAnswer, Requester, SentCode};
pub use data_keys::{DataKeyError, DataKeyProvider, MemoryDataKeyProvider};
pub use error::{AccountError, FieldError};
pub use export::Export;
pub use import::OldAccount;
pub use keys::Keys;
pub use old_hash::{OldHash, OldScheme};
pub use profile::Profile;
pub use public_keys::PublicKeys;
pub use qr::{QrClaim, QrRequest, QrTicket};
pub use recover::Recovery;
pub use register::{AGREEMENT, Register};
pub use roles::AccountAdmin;
pub use rows::{Consent, Device};
pub use second_factor::{Enrolment, SecondFactorProof};
pub use sessions::{OpenSession, SignedIn, is_live};
pub use sign_in::{PasswordSignIn, SmsSignIn, Transport};
pub use step_up::{Proof, StepUp};
pub use totp::code_at as totp_code_at;

use crate::clock::Clock;
use crate::random::Random;
use crate::store::Store;
use field_encryption::DataKeys;
use passwords::Passwords;

/// The account use cases of one deployment, with their dependencies.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    keys: Arc<Keys>,
    passwords: Passwords,
    data_keys: Arc<DataKeys>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

impl Accounts {
    /// The use cases on these ports and keys. Hashes one password, which takes some 50 ms.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        keys: Arc<Keys>,
        data_keys: Arc<dyn DataKeyProvider>,
    ) -> Self {
        let passwords = Passwords::new(keys.clone(), &*random);
        Self { store, clock, random, keys, passwords, data_keys: Arc::new(DataKeys::new(data_keys)) }
    }

    /// The present time of the deployment's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The keys derived from the deployment's secrets.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    fn id(&self, now: Timestamp) -> ulid::Ulid {
        self.random.ulid(now)
    }
}

/// A new secret of 256 random bits, in base64url.
fn secret(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The stored form of a [`secret`]: its SHA-256, in base64url.
fn secret_hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}
