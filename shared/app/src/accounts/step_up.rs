//! 验证身份: step-up authentication. The person proves their identity again and gets a token for one purpose, valid for
//! five minutes, once.

use domain::account::{Password, code};
use domain::actor::{AccountId, Actor, SessionId};
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};

use super::{AccountError, Accounts, CodeAnswer, secret, secret_hash};
use crate::rate_limit;
use crate::store::{Change, Key, StoreError, Table, from_row, to_row};

/// How long a token is valid.
const LIFETIME: SignedDuration = SignedDuration::from_mins(5);
/// Tries of one account.
const PER_ACCOUNT: TokenBucket = TokenBucket::new(10, SignedDuration::from_mins(3));

/// The purpose of a step-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepUp {
    /// 修改密码
    ChangePassword,
    /// 修改手机号码
    ChangePhone,
    /// 绑定邮箱
    BindEmail,
    /// 注销账户
    CloseAccount,
    /// 导出个人信息
    ExportData,
}

/// How the person proves their identity.
#[derive(Debug)]
pub enum Proof {
    /// The answer to the code sent to the bound phone.
    Code(CodeAnswer),
    /// The password.
    Password(SecretString),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct StepUpRow {
    account: AccountId,
    session: SessionId,
    purpose: StepUp,
    expires_at: Timestamp,
    ttl: i64,
}

impl Accounts {
    /// Checks the proof and returns a token for `purpose` with the end of its lifetime. The token works in this session
    /// only.
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a wrong password, [`AccountError::CodeWrong`], [`AccountError::PhoneNeeded`],
    /// [`AccountError::Wait`] for the rate limit.
    pub async fn step_up(
        &self,
        actor: &Actor,
        purpose: StepUp,
        proof: Proof,
    ) -> Result<(String, Timestamp), AccountError> {
        let now = self.now();
        rate_limit::acquire(&*self.store, now, "step-up", &actor.account.to_string(), PER_ACCOUNT).await?;
        match proof {
            Proof::Code(answer) => {
                let phone = self.own_phone(actor.account).await?.ok_or(AccountError::PhoneNeeded)?;
                self.prove_phone(code::Purpose::StepUp, &phone, &answer, now).await?;
            }
            Proof::Password(password) => {
                self.check_password(actor.account, password.expose_secret(), "password").await?;
            }
        }
        let token = secret(&*self.random);
        let expires_at = now + LIFETIME;
        let row = StepUpRow {
            account: actor.account,
            session: actor.session,
            purpose,
            expires_at,
            ttl: expires_at.as_second(),
        };
        self.store.apply(Change::put(key(&token), to_row(&row)?).if_absent()).await?;
        Ok((token, expires_at))
    }

    /// Uses up a token. It is valid only for its purpose, in the session in which it was issued.
    pub(super) async fn redeem_step_up(
        &self,
        actor: &Actor,
        purpose: StepUp,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        let token = token.filter(|token| token.len() <= 64).ok_or(AccountError::StepUpNeeded)?;
        let row = self.store.get(&key(token)).await?.ok_or(AccountError::StepUpNeeded)?;
        match self.store.apply(Change::delete(key(token)).if_exists()).await {
            Ok(_) => {}
            Err(StoreError::Conflict { .. }) => return Err(AccountError::StepUpNeeded),
            Err(error) => return Err(error.into()),
        }
        let row: StepUpRow = from_row(row)?;
        let matches = row.account == actor.account && row.session == actor.session && row.purpose == purpose;
        if matches && now < row.expires_at { Ok(()) } else { Err(AccountError::StepUpNeeded) }
    }

    /// Checks the account's password; `field` is named in the error.
    pub(super) async fn check_password(
        &self,
        account: AccountId,
        password: &str,
        field: &'static str,
    ) -> Result<(), AccountError> {
        let row = self.account(account).await?;
        let typed = Password::typed(password);
        let right = typed.is_some_and(|typed| self.passwords.matches(&typed, Some(&row)));
        if right { Ok(()) } else { Err(AccountError::field(field, "password-wrong")) }
    }
}

fn key(token: &str) -> Key {
    Key::new(Table::Ephemeral, format!("STEPUP#{}", secret_hash(token)), "STEPUP")
}
