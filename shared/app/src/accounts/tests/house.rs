//! A deployment in memory, and a person who uses it.

use std::sync::Arc;

use domain::account::Kind;
use jiff::{SignedDuration, Timestamp};

use crate::accounts::{Accounts, Device, Failure, Keys, PasswordSignIn, Register, SignedIn, Transport};
use crate::captcha::{self, Answer, Purpose, Puzzle, PuzzleKind};
use crate::clock::FixedClock;
use crate::random::OsRandom;
use crate::store::MemoryStore;

pub const PASSWORD: &str = "Tr0ub4dor&3-Hx";

pub struct House {
    pub store: Arc<MemoryStore>,
    pub clock: Arc<FixedClock>,
    pub accounts: Accounts,
}

impl House {
    pub fn new() -> Self {
        let store = Arc::new(MemoryStore::new());
        let start: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let clock = Arc::new(FixedClock::at(start));
        let keys = Arc::new(Keys::derive(&"tokens".repeat(11), &"passwords".repeat(8)).unwrap());
        let accounts = Accounts::new(store.clone(), clock.clone(), Arc::new(OsRandom), keys);
        Self { store, clock, accounts }
    }

    pub fn pass(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub async fn solved(&self, purpose: Purpose) -> Option<Answer> {
        let now = self.accounts.now().await;
        let captcha = captcha::issue(&*self.store, &OsRandom, now, purpose, PuzzleKind::Picture).await.unwrap();
        let Puzzle::Picture(text) = captcha.puzzle else { unreachable!("a picture was asked for") };
        Some(Answer { id: captcha.id, text })
    }

    pub fn device(&self) -> Device {
        Device { name: "test".to_owned(), address: "192.0.2.1".to_owned() }
    }

    pub async fn form(&self, user_name: &str) -> Register {
        Register {
            kind: Kind::Personal,
            user_name: user_name.to_owned(),
            nickname: Some("小明".to_owned()),
            password: PASSWORD.to_owned(),
            agreement: "2024-02".to_owned(),
            captcha: self.solved(Purpose::Register).await,
            device: self.device(),
        }
    }

    pub async fn register(&self, user_name: &str) -> SignedIn {
        self.accounts.register(self.form(user_name).await).await.unwrap()
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, Failure> {
        self.sign_in_from("192.0.2.1", login, password).await
    }

    pub async fn sign_in_from(&self, address: &str, login: &str, password: &str) -> Result<SignedIn, Failure> {
        let command = PasswordSignIn {
            login: login.to_owned(),
            password: password.to_owned(),
            transport: Transport::Web,
            captcha: self.solved(Purpose::SignIn).await,
            device: Device { address: address.to_owned(), ..self.device() },
        };
        self.accounts.sign_in(command).await
    }
}
