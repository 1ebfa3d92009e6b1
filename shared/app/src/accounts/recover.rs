//! 忘记密码: resetting a forgotten password by name, code and new password. An unknown name gets the same answers, but no
//! code is sent.

use domain::account::recovery::{self, Event, Step};
use domain::account::session::EndReason;
use domain::account::{Phone, code};
use domain::actor::AccountId;
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::sign_in::Login;
use super::{AccountError, Accounts, CodeAnswer, SentCode, secret, secret_hash};
use crate::captcha::{self, Answer, Purpose};
use crate::failure::Failure;
use crate::rate_limit;
use crate::store::{Change, Key, Table, from_row, to_row};

/// Resets started from one network address.
const PER_ADDRESS: TokenBucket = TokenBucket::new(10, SignedDuration::from_mins(6));

/// A reset that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Identifies the reset in the next steps.
    pub token: String,
    /// The masked phone that gets the code. For an unknown name, a made-up number.
    pub phone_masked: String,
    /// The end of the reset's lifetime.
    pub expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecoveryRow {
    step: Step,
    #[serde(default)]
    account: Option<AccountId>,
    /// The blind index of the name: counts codes when there is no account.
    login_index: String,
    expires_at: Timestamp,
    ttl: i64,
}

impl Accounts {
    /// 第一步, 输入帐户名: begins a reset for the user name or phone `login`.
    ///
    /// # Errors
    /// [`AccountError::CaptchaNeeded`] or [`CaptchaUnsolved`](AccountError::CaptchaUnsolved), [`AccountError::Wait`]
    /// for the rate limit.
    pub async fn start_recovery(
        &self,
        login: &str,
        answer: Option<&Answer>,
        address: &str,
    ) -> Result<Recovery, AccountError> {
        let now = self.now();
        rate_limit::acquire(&*self.store, now, "recover", address, PER_ADDRESS).await?;
        captcha::redeem(&*self.store, now, Purpose::Recover, answer.ok_or(AccountError::CaptchaNeeded)?).await?;
        let parsed = Login::parse(login);
        let account = self.find_account(&parsed).await?.filter(|account| account.phone_sealed.is_some());
        let login_index = self.keys.index("login", &parsed.unique());
        let token = secret(&*self.random);
        let expires_at = now + recovery::LIFETIME;
        let row = RecoveryRow {
            step: Step::Started,
            account: account.as_ref().map(|account| account.id),
            login_index: login_index.clone(),
            expires_at,
            ttl: expires_at.as_second(),
        };
        self.store.apply(Change::put(key(&token), to_row(&row)?).if_absent()).await?;
        let phone_masked = match (&parsed, account.and_then(|account| account.phone_masked)) {
            (_, Some(masked)) => masked,
            (Login::Phone(phone), None) => phone.masked(),
            (_, None) => placeholder_mask(&login_index),
        };
        Ok(Recovery { token, phone_masked, expires_at })
    }

    /// 第二步, 获取短信验证码: sends the code to the account's phone.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for an unknown token, [`AccountError::Refused`] for a step out of order or too late,
    /// [`AccountError::Wait`] for a rate limit.
    pub async fn send_recovery_code(&self, token: &str) -> Result<SentCode, AccountError> {
        let now = self.now();
        let row = self.recovery(token).await?;
        row.step.on(Event::SendCode, row.expires_at, now)?;
        let phone = self.recovery_phone(&row).await?;
        self.dispatch_code(code::Purpose::Recover, &phone, row.account.is_some(), now).await
    }

    /// 第二步, 验证身份: checks the code.
    ///
    /// # Errors
    /// [`AccountError::CodeWrong`], and as [`send_recovery_code`](Self::send_recovery_code).
    pub async fn prove_recovery(&self, token: &str, answer: &CodeAnswer) -> Result<(), AccountError> {
        let now = self.now();
        let row = self.recovery(token).await?;
        let next = row.step.on(Event::Prove, row.expires_at, now)?;
        let phone = self.recovery_phone(&row).await?;
        self.prove_phone(code::Purpose::Recover, &phone, answer, now).await?;
        self.move_recovery(token, row.step, next).await
    }

    /// 第三步, 重置密码: sets the new password and ends every session. It does not sign in.
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a bad password, [`AccountError::Refused`] for a step out of order or too late.
    pub async fn finish_recovery(&self, token: &str, new: &str) -> Result<(), AccountError> {
        let now = self.now();
        let row = self.recovery(token).await?;
        let next = row.step.on(Event::Reset, row.expires_at, now)?;
        let account = self.account(row.account.ok_or(AccountError::CodeWrong)?).await?;
        let password = self.check_new_password(&account, new).await?;
        self.move_recovery(token, row.step, next).await?;
        self.replace_password(&account, &password, now).await?;
        self.end_sessions(account.id, None, EndReason::PasswordChanged).await
    }

    async fn recovery(&self, token: &str) -> Result<RecoveryRow, AccountError> {
        let row = self.store.get(&key(token)).await?.ok_or(Failure::NotFound)?;
        Ok(from_row(row)?)
    }

    /// The account's phone; for an unknown name a placeholder, to which nothing is ever sent.
    async fn recovery_phone(&self, row: &RecoveryRow) -> Result<Phone, AccountError> {
        let own = match row.account {
            Some(account) => self.own_phone(account).await?,
            None => None,
        };
        match own {
            Some(phone) => Ok(phone),
            None => placeholder_phone(&row.login_index),
        }
    }

    async fn move_recovery(&self, token: &str, from: Step, to: Step) -> Result<(), AccountError> {
        let change = Change::update(key(token)).set("step", to.name()).if_equals("step", from.name());
        self.store.apply(change).await?;
        Ok(())
    }
}

fn key(token: &str) -> Key {
    Key::new(Table::Ephemeral, format!("RECOVERY#{}", secret_hash(token)), "RECOVERY")
}

/// The mask shown for an unknown name. It is the same each time, as for a known name.
fn placeholder_mask(login_index: &str) -> String {
    placeholder_phone(login_index).map(|phone| phone.masked()).unwrap_or_default()
}

/// A well-formed number computed from the name's blind index.
fn placeholder_phone(login_index: &str) -> Result<Phone, AccountError> {
    let number = login_index.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(byte)));
    let digits = format!("1{}{:09}", 3 + number % 7, number / 7 % 1_000_000_000);
    Phone::parse(&digits).map_err(AccountError::internal)
}
