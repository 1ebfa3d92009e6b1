//! 登录: sign-in with name or phone and password, and sign-in with an SMS code.

use domain::account::login_throttle::LoginFailures;
use domain::account::{Password, Phone, UserName, code};
use domain::actor::AccountId;
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use ulid::Ulid;

use super::codes::{CodeAnswer, parse_phone};
use super::rows::{AccountRow, Device, Reservation, account_key, name_key, phone_key};
use super::{AccountError, Accounts, SignedIn};
use crate::captcha::{self, Answer, Purpose};
use crate::rate_limit;
use crate::store::{Change, Key, TTL, Table, from_row};

/// Tries from one network address, for all names.
const PER_ADDRESS: TokenBucket = TokenBucket::new(30, SignedDuration::from_secs(10));

/// How the client stores its refresh token. It distinguishes pages from apps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// A page: in a cookie. It always needs a captcha.
    Web,
    /// An app: in the response body. It needs a captcha after some failures.
    App,
}

/// The command to sign in with a password.
#[derive(Debug)]
pub struct PasswordSignIn {
    /// User name or phone.
    pub login: String,
    /// The password.
    pub password: SecretString,
    /// How the client stores its refresh token.
    pub transport: Transport,
    /// A captcha solved for [`Purpose::SignIn`].
    pub captcha: Option<Answer>,
    /// The client's device.
    pub device: Device,
}

/// 短信登录: the command to sign in with an SMS code.
#[derive(Debug)]
pub struct SmsSignIn {
    /// The bound phone.
    pub phone: String,
    /// The answer to the code sent to it.
    pub code: CodeAnswer,
    /// The client's device.
    pub device: Device,
}

impl Accounts {
    /// Signs in with an SMS code, and resets the count of failures of the account's names.
    ///
    /// # Errors
    /// [`AccountError::CodeWrong`] (also for a phone without an account, to which no code is sent),
    /// [`AccountError::Wait`] for the rate limit.
    pub async fn sign_in_by_sms(&self, command: SmsSignIn) -> Result<SignedIn, AccountError> {
        let now = self.now();
        rate_limit::acquire(&*self.store, now, "sign-in", &command.device.address, PER_ADDRESS).await?;
        let phone = parse_phone(&command.phone)?;
        self.prove_phone(code::Purpose::SignIn, &phone, &command.code, now).await?;
        let account = self.find_account(&Login::Phone(phone.clone())).await?.ok_or(AccountError::CodeWrong)?;
        for login in [Login::Phone(phone), Login::Name(account.user_name.clone())] {
            self.store.apply(Change::delete(self.failure_counter_key(&login, &command.device.address))).await?;
        }
        let (signed_in, session) = self.open_session(&account, command.device, now)?;
        self.store.apply(session).await?;
        Ok(signed_in)
    }

    /// Signs in with a password. An imported or outdated password hash is replaced.
    ///
    /// # Errors
    /// [`AccountError::WrongCredentials`], [`AccountError::CaptchaNeeded`] or
    /// [`CaptchaUnsolved`](AccountError::CaptchaUnsolved), [`AccountError::Wait`] for the rate limit or after ten
    /// failures.
    pub async fn sign_in(&self, command: PasswordSignIn) -> Result<SignedIn, AccountError> {
        let now = self.now();
        rate_limit::acquire(&*self.store, now, "sign-in", &command.device.address, PER_ADDRESS).await?;
        let login = Login::parse(&command.login);
        let counter = self.failure_counter_key(&login, &command.device.address);
        let failures = self.failures(&counter).await?;
        self.answer_captcha(&command, failures, now).await?;
        if let Some(until) = failures.and_then(|failures| failures.wait_until(now)) {
            return Err(AccountError::Wait(until.duration_since(now)));
        }

        let account = self.find_account(&login).await?;
        let password = Password::typed(command.password.expose_secret());
        let right = password.as_ref().is_some_and(|password| self.passwords.matches(password, account.as_ref()));
        let (Some(account), Some(password), true) = (account, password, right) else {
            self.count_failure(counter, failures, now).await?;
            return Err(AccountError::WrongCredentials);
        };
        self.reset_failures(counter, failures).await?;
        self.renew_hash(&account, &password).await?;
        let (signed_in, session) = self.open_session(&account, command.device, now)?;
        self.store.apply(session).await?;
        Ok(signed_in)
    }

    async fn answer_captcha(
        &self,
        command: &PasswordSignIn,
        failures: Option<LoginFailures>,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let suspected = failures.is_some_and(|failures| failures.captcha_needed(now));
        match &command.captcha {
            Some(answer) => Ok(captcha::redeem(&*self.store, now, Purpose::SignIn, answer).await?),
            None if command.transport == Transport::Web || suspected => Err(AccountError::CaptchaNeeded),
            None => Ok(()),
        }
    }

    /// The account of a name or phone, unless it is closed. An unknown name costs the same two reads as a known one.
    pub(super) async fn find_account(&self, login: &Login) -> Result<Option<AccountRow>, AccountError> {
        let reservation = match login {
            Login::Name(name) => self.store.get(&name_key(name)).await?,
            Login::Phone(phone) => self.store.get(&phone_key(&self.keys.index("phone", phone.digits()))).await?,
            Login::Invalid => None,
        };
        let reservation = reservation.map(from_row::<Reservation>).transpose()?;
        let id = reservation.and_then(|reservation| reservation.account).unwrap_or(AccountId(Ulid::nil()));
        let row = self.store.get(&account_key(id)).await?;
        let account = row.map(from_row::<AccountRow>).transpose()?;
        Ok(account.filter(|account| account.closed_at.is_none()))
    }

    fn failure_counter_key(&self, login: &Login, address: &str) -> Key {
        Key::new(
            Table::Ephemeral,
            format!("FAILURES#{}#{address}", self.keys.index("login", &login.unique())),
            "FAILURES",
        )
    }

    async fn failures(&self, key: &Key) -> Result<Option<LoginFailures>, AccountError> {
        Ok(self.store.get(key).await?.map(from_row).transpose()?)
    }

    async fn count_failure(&self, key: Key, before: Option<LoginFailures>, now: Timestamp) -> Result<(), AccountError> {
        let counting = before.map_or(0, |failures| failures.counting(now));
        let change = Change::update(key).set("lastAt", now.to_string()).set(TTL, now.as_second() + 3 * 86_400);
        // The store adds, so that concurrent failures all count.
        let change = if counting == 0 { change.set("count", 1) } else { change.add("count", 1) };
        self.store.apply(change).await?;
        Ok(())
    }

    async fn reset_failures(&self, key: Key, before: Option<LoginFailures>) -> Result<(), AccountError> {
        if before.is_some() {
            self.store.apply(Change::delete(key)).await?;
        }
        Ok(())
    }

    /// Replaces the hash of an imported hash, and a hash with outdated parameters, by a new hash of the password.
    async fn renew_hash(&self, account: &AccountRow, password: &Password) -> Result<(), AccountError> {
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

/// The name that a person typed.
pub(super) enum Login {
    /// A user name.
    Name(UserName),
    /// A phone.
    Phone(Phone),
    /// Neither, so no account has it. It is handled like an unknown name.
    Invalid,
}

impl Login {
    pub fn parse(text: &str) -> Self {
        match (Phone::parse(text), UserName::parse(text)) {
            (Ok(phone), _) => Self::Phone(phone),
            (_, Ok(name)) => Self::Name(name),
            _ => Self::Invalid,
        }
    }

    /// The form that is the same for every spelling of the name.
    pub fn unique(&self) -> String {
        match self {
            Self::Name(name) => name.unique(),
            Self::Phone(phone) => phone.digits().to_owned(),
            Self::Invalid => String::new(),
        }
    }
}
