//! 登录 with name or phone and password.

use domain::account::waiting::Failures;
use domain::account::{Password, Phone, UserName, code};
use domain::actor::AccountId;
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};
use ulid::Ulid;

use super::codes::{CodeAnswer, parse_phone};
use super::rows::{AccountRow, Claim, Device, account_key, name_key, phone_key};
use super::{Accounts, Failure, SignedIn};
use crate::captcha::{self, Answer, Purpose};
use crate::limits;
use crate::store::{Change, Key, TTL, Table, from_row};

/// Tries from one address, over all names.
const PER_ADDRESS: Bucket = Bucket::new(30, SignedDuration::from_secs(10));

/// How the client carries its refresh token, and with it whether a page or an app is calling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A browser: cookie, and a captcha every time.
    Web,
    /// An app: in the body, and a captcha once guessing is suspected.
    App,
}

#[derive(Debug)]
pub struct PasswordSignIn {
    /// User name or phone.
    pub login: String,
    pub password: String,
    pub transport: Transport,
    pub captcha: Option<Answer>,
    pub device: Device,
}

/// 短信登录
#[derive(Debug)]
pub struct SmsSignIn {
    pub phone: String,
    pub code: CodeAnswer,
    pub device: Device,
}

impl Accounts {
    /// A phone that no account is bound to proves nothing: no code went there, so none is right.
    pub async fn sign_in_by_sms(&self, command: SmsSignIn) -> Result<SignedIn, Failure> {
        let now = self.now();
        limits::take(&*self.store, now, "sign-in", &command.device.address, PER_ADDRESS).await?;
        let phone = parse_phone(&command.phone)?;
        self.prove_phone(code::Purpose::SignIn, &phone, &command.code, now).await?;
        let account = self.find_account(&Login::Phone(phone.clone())).await?.ok_or(Failure::CodeWrong)?;
        for login in [Login::Phone(phone), Login::Name(account.user_name.clone())] {
            self.store.apply(Change::delete(self.memory_key(&login, &command.device.address))).await?;
        }
        let (signed_in, session) = self.open_session(&account, command.device, now)?;
        self.store.apply(session).await?;
        Ok(signed_in)
    }

    pub async fn sign_in(&self, command: PasswordSignIn) -> Result<SignedIn, Failure> {
        let now = self.now();
        limits::take(&*self.store, now, "sign-in", &command.device.address, PER_ADDRESS).await?;
        let login = Login::parse(&command.login);
        let memory = self.memory_key(&login, &command.device.address);
        let failures = self.failures(&memory).await?;
        self.answer_captcha(&command, failures, now).await?;
        if let Some(until) = failures.and_then(|failures| failures.wait_until(now)) {
            return Err(Failure::Wait(until.duration_since(now)));
        }

        let account = self.find_account(&login).await?;
        let password = Password::typed(&command.password);
        let right = password.as_ref().is_some_and(|password| self.passwords.opens(password, account.as_ref()));
        let (Some(account), Some(password), true) = (account, password, right) else {
            self.remember_failure(memory, failures, now).await?;
            return Err(Failure::WrongCredentials);
        };
        self.forget_failures(memory, failures).await?;
        self.renew_hash(&account, &password).await?;
        let (signed_in, session) = self.open_session(&account, command.device, now)?;
        self.store.apply(session).await?;
        Ok(signed_in)
    }

    async fn answer_captcha(
        &self,
        command: &PasswordSignIn,
        failures: Option<Failures>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let suspected = failures.is_some_and(|failures| failures.captcha_needed(now));
        match &command.captcha {
            Some(answer) => Ok(captcha::redeem(&*self.store, now, Purpose::SignIn, answer).await?),
            None if command.transport == Transport::Web || suspected => Err(Failure::CaptchaNeeded),
            None => Ok(()),
        }
    }

    /// The open account behind a login. An unknown one costs the same two reads as a known one.
    pub(super) async fn find_account(&self, login: &Login) -> Result<Option<AccountRow>, Failure> {
        let claim = match login {
            Login::Name(name) => self.store.get(&name_key(name)).await?,
            Login::Phone(phone) => self.store.get(&phone_key(&self.keys.index("phone", phone.digits()))).await?,
            Login::Nothing => None,
        };
        let claim = claim.map(from_row::<Claim>).transpose()?;
        let id = claim.and_then(|claim| claim.account).unwrap_or(AccountId(Ulid::nil()));
        let row = self.store.get(&account_key(id)).await?;
        let account = row.map(from_row::<AccountRow>).transpose()?;
        Ok(account.filter(|account| account.closed_at.is_none()))
    }

    fn memory_key(&self, login: &Login, address: &str) -> Key {
        Key::new(Table::Guards, format!("FAILURES#{}#{address}", self.keys.index("login", &login.unique())), "FAILURES")
    }

    async fn failures(&self, key: &Key) -> Result<Option<Failures>, Failure> {
        Ok(self.store.get(key).await?.map(from_row).transpose()?)
    }

    async fn remember_failure(&self, key: Key, before: Option<Failures>, now: Timestamp) -> Result<(), Failure> {
        let counting = before.map_or(0, |failures| failures.counting(now));
        let change = Change::update(key).set("lastAt", now.to_string()).set(TTL, now.as_second() + 3 * 86_400);
        // Added, not set: wrong guesses at the same time all count.
        let change = if counting == 0 { change.set("count", 1) } else { change.add("count", 1) };
        self.store.apply(change).await?;
        Ok(())
    }

    async fn forget_failures(&self, key: Key, before: Option<Failures>) -> Result<(), Failure> {
        if before.is_some() {
            self.store.apply(Change::delete(key)).await?;
        }
        Ok(())
    }

    /// A hash of an imported hash, or one made with older parameters, is replaced now that the password is at hand.
    async fn renew_hash(&self, account: &AccountRow, password: &Password) -> Result<(), Failure> {
        let outdated = |hash: &&str| account.old_hash.is_some() || self.passwords.is_outdated(hash);
        let Some(stored) = account.password_hash.as_deref().filter(outdated) else { return Ok(()) };
        let change = Change::update(account_key(account.id))
            .set("passwordHash", self.passwords.hash(password, &*self.random))
            .remove("oldHash")
            .if_equals("passwordHash", stored);
        match self.store.apply(change).await {
            Ok(_) => Ok(()),
            Err(error) if error.is_conflict() => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// What somebody typed as their name.
pub(super) enum Login {
    Name(UserName),
    Phone(Phone),
    /// Neither: no account can have it, and nobody is told so early.
    Nothing,
}

impl Login {
    pub fn parse(text: &str) -> Self {
        match (Phone::parse(text), UserName::parse(text)) {
            (Ok(phone), _) => Self::Phone(phone),
            (_, Ok(name)) => Self::Name(name),
            _ => Self::Nothing,
        }
    }

    /// The form that is the same for every spelling.
    pub fn unique(&self) -> String {
        match self {
            Self::Name(name) => name.unique(),
            Self::Phone(phone) => phone.digits().to_owned(),
            Self::Nothing => String::new(),
        }
    }
}
