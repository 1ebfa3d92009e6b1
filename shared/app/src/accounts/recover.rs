//! 忘记密码: name, code, new password, done. An unknown name walks the same steps and never gets a code.

use domain::account::recovery::{self, Event, Step};
use domain::account::session::Ended;
use domain::account::{Phone, code};
use domain::actor::AccountId;
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::sign_in::Login;
use super::{Accounts, CodeAnswer, Failure, SentCode, secret, secret_hash};
use crate::captcha::{self, Answer, Purpose};
use crate::limits;
use crate::store::{Change, Key, StoreError, Table, from_row, to_row};

const PER_ADDRESS: Bucket = Bucket::new(10, SignedDuration::from_mins(6));

/// A recovery that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recovery {
    /// Leads through the steps; good once.
    pub token: String,
    /// Where the code will go. For an unknown name a number that looks like one.
    pub phone_masked: String,
    pub expires_at: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RecoveryRow {
    step: Step,
    #[serde(default)]
    account: Option<AccountId>,
    /// For the limits on codes when there is no account.
    login_index: String,
    expires_at: Timestamp,
    ttl: i64,
}

impl Accounts {
    /// 第一步: 输入帐户名
    pub async fn start_recovery(
        &self,
        login: &str,
        answer: Option<&Answer>,
        address: &str,
    ) -> Result<Recovery, Failure> {
        let now = self.now();
        limits::take(&*self.store, now, "recover", address, PER_ADDRESS).await?;
        captcha::redeem(&*self.store, now, Purpose::Recover, answer.ok_or(Failure::CaptchaNeeded)?).await?;
        let parsed = Login::parse(login);
        let account = self.find_account(&parsed).await?.filter(|account| account.phone_sealed.is_some());
        let login_index = self.keys.index("login", &parsed.unique());
        let token = secret(&*self.random);
        let expires_at = now + recovery::LIFE;
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
            (_, None) => likely_mask(&login_index),
        };
        Ok(Recovery { token, phone_masked, expires_at })
    }

    /// 第二步: sends the code.
    pub async fn send_recovery_code(&self, token: &str) -> Result<SentCode, Failure> {
        let now = self.now();
        let row = self.recovery(token).await?;
        row.step.on(Event::SendCode, row.expires_at, now)?;
        let phone = self.recovery_phone(&row).await?;
        self.dispatch_code(code::Purpose::Recover, &phone, row.account.is_some(), now).await
    }

    /// 第二步: 验证身份
    pub async fn prove_recovery(&self, token: &str, answer: &CodeAnswer) -> Result<(), Failure> {
        let now = self.now();
        let row = self.recovery(token).await?;
        let next = row.step.on(Event::Prove, row.expires_at, now)?;
        let phone = self.recovery_phone(&row).await?;
        self.prove_phone(code::Purpose::Recover, &phone, answer, now).await?;
        self.move_recovery(token, row.step, next).await
    }

    /// 第三步: 重置密码. Every session ends, nobody is signed in by it.
    pub async fn finish_recovery(&self, token: &str, new: &str) -> Result<(), Failure> {
        let now = self.now();
        let row = self.recovery(token).await?;
        let next = row.step.on(Event::Reset, row.expires_at, now)?;
        let account = self.account(row.account.ok_or(Failure::CodeWrong)?).await?;
        let password = self.chosen(&account, new).await?;
        self.move_recovery(token, row.step, next).await?;
        self.replace_password(&account, &password, now).await?;
        self.end_sessions(account.id, None, Ended::PasswordChanged).await
    }

    async fn recovery(&self, token: &str) -> Result<RecoveryRow, Failure> {
        let row = self.store.get(&key(token)).await?.ok_or(Failure::NotFound)?;
        Ok(from_row(row)?)
    }

    /// The account's phone; for an unknown name a number made of the name, which nobody is ever sent anything at.
    async fn recovery_phone(&self, row: &RecoveryRow) -> Result<Phone, Failure> {
        let own = match row.account {
            Some(account) => self.own_phone(account).await?,
            None => None,
        };
        match own {
            Some(phone) => Ok(phone),
            None => nobodys_phone(&row.login_index),
        }
    }

    async fn move_recovery(&self, token: &str, from: Step, to: Step) -> Result<(), Failure> {
        let change = Change::update(key(token)).set("step", to.name()).if_equals("step", from.name());
        match self.store.apply(change).await {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => Err(Failure::Changed),
            Err(error) => Err(error.into()),
        }
    }
}

fn key(token: &str) -> Key {
    Key::new(Table::Guards, format!("RECOVERY#{}", secret_hash(token)), "RECOVERY")
}

/// The same mask for the same unknown name, so that asking twice tells nothing.
fn likely_mask(login_index: &str) -> String {
    nobodys_phone(login_index).map(|phone| phone.masked()).unwrap_or_default()
}

fn nobodys_phone(login_index: &str) -> Result<Phone, Failure> {
    let number = login_index.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(byte)));
    let digits = format!("1{}{:09}", 3 + number % 7, number / 7 % 1_000_000_000);
    Phone::parse(&digits).map_err(|bad| Failure::Broken(bad.to_string()))
}
