//! What a person does with an account, as methods of the test app.

use domain::account::{Kind, code};

use crate::accounts::{
    AccountError, CodeAnswer, Device, PasswordSignIn, Register, Requester, SentCode, SignedIn, Transport,
};
use crate::captcha::{self, Answer, Purpose, Puzzle, PuzzleKind};
use crate::messages::{self, Message};
use crate::random::OsRandom;
use crate::store::Table;
use crate::testing::TestApp;

pub const PASSWORD: &str = "Tr0ub4dor&3-Hx";

impl TestApp {
    /// A captcha with its right answer.
    pub async fn solved(&self, purpose: Purpose) -> Option<Answer> {
        let now = self.now();
        let captcha = captcha::issue(&*self.store, &OsRandom, now, purpose, PuzzleKind::Picture).await.unwrap();
        let Puzzle::Picture(text) = captcha.puzzle else { unreachable!("the captcha is a picture") };
        Some(Answer { id: captcha.id, text })
    }

    pub fn device(&self) -> Device {
        Device { name: "test".to_owned(), address: "192.0.2.1".to_owned() }
    }

    pub async fn form(&self, user_name: &str) -> Register {
        Register {
            kind: Kind::Personal,
            user_name: Some(user_name.to_owned()),
            phone: None,
            nickname: Some("小明".to_owned()),
            password: PASSWORD.into(),
            agreement: "2024-02".to_owned(),
            captcha: self.solved(Purpose::Register).await,
            device: self.device(),
        }
    }

    pub async fn register(&self, user_name: &str) -> SignedIn {
        self.accounts().register(self.form(user_name).await).await.unwrap()
    }

    pub async fn sign_in(&self, login: &str, password: &str) -> Result<SignedIn, AccountError> {
        self.sign_in_from("192.0.2.1", login, password).await
    }

    pub async fn sign_in_from(&self, address: &str, login: &str, password: &str) -> Result<SignedIn, AccountError> {
        let command = PasswordSignIn {
            login: login.to_owned(),
            password: password.into(),
            transport: Transport::Web,
            captcha: self.solved(Purpose::SignIn).await,
            device: Device { address: address.to_owned(), ..self.device() },
        };
        self.accounts().sign_in(command).await
    }

    /// Every queued message, oldest first.
    pub async fn messages(&self) -> Vec<Message> {
        let now = self.now();
        let rows = self.store.inner.dump().into_iter().filter(|(key, _)| key.table == Table::Outbox);
        let mut rows: Vec<_> = rows.map(|(key, row)| (key.sk, row)).collect();
        rows.sort_by(|a, b| a.0.cmp(&b.0));
        rows.into_iter()
            .filter_map(|(_, row)| messages::unseal(self.accounts().keys().messages(), row, now).unwrap())
            .collect()
    }

    /// The digits of the newest code for `phone`.
    pub async fn received(&self, phone: &str) -> Option<String> {
        self.messages().await.into_iter().rev().find_map(|message| match message {
            Message::Code { phone: to, code, .. } if to.ends_with(phone) => Some(code),
            _ => None,
        })
    }

    pub async fn send(&self, purpose: code::Purpose, phone: &str) -> Result<SentCode, AccountError> {
        let captcha = self.solved(Purpose::SmsCode).await;
        self.accounts().send_code(purpose, phone, captcha.as_ref(), &self.requester()).await
    }

    pub fn requester(&self) -> Requester {
        Requester { address: "192.0.2.1".to_owned(), device: None }
    }

    /// Requests a code and returns the right answer to it.
    pub async fn code(&self, purpose: code::Purpose, phone: &str) -> CodeAnswer {
        let sent = self.send(purpose, phone).await.unwrap();
        CodeAnswer { id: sent.id, digits: self.received(phone).await.expect("a code was sent") }
    }

    /// Registers with a phone, and waits until the next code for it can be sent.
    pub async fn register_phone(&self, phone: &str) -> SignedIn {
        let code = self.code(code::Purpose::Register, phone).await;
        let form = Register {
            user_name: None,
            phone: Some((phone.to_owned(), code)),
            captcha: None,
            ..self.form("unused").await
        };
        let signed_in = self.accounts().register(form).await.unwrap();
        self.advance(60);
        signed_in
    }
}
