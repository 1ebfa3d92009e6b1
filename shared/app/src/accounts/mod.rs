//! Accounts and signing in.
//!
//! [`Accounts`] holds what every use case here leans on; each use case is a method in a file of its own.

mod addresses;
mod bind_email;
mod bind_phone;
mod change_password;
mod closure;
mod codes;
mod export;
mod failure;
mod fields;
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
pub mod sealing;
mod second_factor;
mod sessions;
mod sign_in;
mod step_up;
#[cfg(test)]
mod tests;
mod totp;
mod unfinished;

use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

pub use addresses::AddressChange;
pub use bind_email::{EmailWish, SentLink};
pub use closure::{COOLING_OFF, Closures};
pub use codes::{Asker, CodeAnswer, SentCode};
pub use export::Export;
pub use failure::{Failure, Fault};
pub use fields::{KeyHouse, KeyHouseFailure, MemoryKeyHouse};
pub use import::OldAccount;
pub use keys::{Keys, SealingKey, WeakSecret};
pub use old_hash::{OldHash, OldScheme};
pub use profile::Profile;
pub use public_keys::PublicKeys;
pub use qr::{Claim, QrRequest, QrTicket};
pub use recover::Recovery;
pub use register::{AGREEMENT, Register};
pub use roles::Registry;
pub use rows::{Consent, Device};
pub use second_factor::{Enrolment, Shown};
pub use sessions::{OpenSession, SignedIn, live};
pub use sign_in::{PasswordSignIn, SmsSignIn, Transport};
pub use step_up::{Proof, StepUp};
pub use totp::shown as authenticator_shows;

use crate::clock::Clock;
use crate::random::Random;
use crate::store::Store;
use fields::Fields;
use passwords::Passwords;

/// The identity rooms of one deployment.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    keys: Arc<Keys>,
    passwords: Passwords,
    fields: Arc<Fields>,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

impl Accounts {
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        keys: Arc<Keys>,
        house: Arc<dyn KeyHouse>,
    ) -> Self {
        let passwords = Passwords::new(keys.clone(), &*random);
        Self { store, clock, random, keys, passwords, fields: Arc::new(Fields::new(house)) }
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    fn id(&self, now: Timestamp) -> ulid::Ulid {
        self.random.ulid(now)
    }
}

/// 256 bits nobody guesses, as text for a URL or a body.
fn secret(random: &dyn Random) -> String {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// What is stored of such a secret.
fn secret_hash(secret: &str) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, secret.as_bytes()))
}
