//! Accounts and signing in.
//!
//! [`Accounts`] holds what every use case here leans on; each use case is a method in a file of its own.

mod failure;
mod keys;
mod passwords;
mod profile;
mod public_keys;
mod refresh;
mod register;
mod rows;
mod sessions;
mod sign_in;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::Timestamp;

pub use failure::{Failure, Fault};
pub use keys::{Keys, WeakSecret};
pub use profile::Profile;
pub use public_keys::PublicKeys;
pub use register::Register;
pub use rows::{Consent, Device};
pub use sessions::{SignedIn, live};
pub use sign_in::{PasswordSignIn, Transport};

use crate::clock::Clock;
use crate::random::Random;
use crate::store::Store;
use passwords::Passwords;

/// The identity rooms of one deployment.
#[derive(Clone)]
pub struct Accounts {
    pub(crate) store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    keys: Arc<Keys>,
    passwords: Passwords,
}

impl std::fmt::Debug for Accounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Accounts")
    }
}

impl Accounts {
    pub fn new(store: Arc<dyn Store>, clock: Arc<dyn Clock>, random: Arc<dyn Random>, keys: Arc<Keys>) -> Self {
        let passwords = Passwords::new(keys.clone(), &*random);
        Self { store, clock, random, keys, passwords }
    }

    pub async fn now(&self) -> Timestamp {
        self.clock.now().await
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    fn id(&self, now: Timestamp) -> ulid::Ulid {
        self.random.ulid(now)
    }
}
