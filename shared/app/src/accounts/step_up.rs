//! 验证身份: the person proves again who they are, for one thing, within five minutes.

use domain::account::{Password, code};
use domain::actor::{AccountId, Actor, SessionId};
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{Accounts, CodeAnswer, Failure, Fault, secret, secret_hash};
use crate::limits;
use crate::store::{Change, Key, StoreError, Table, from_row, to_row};

const LIFE: SignedDuration = SignedDuration::from_mins(5);
/// Proofs one account may try.
const PER_ACCOUNT: Bucket = Bucket::new(10, SignedDuration::from_mins(3));

/// What the proof is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepUp {
    ChangePassword,
    ChangePhone,
    BindEmail,
    CloseAccount,
    ExportData,
}

#[derive(Debug)]
pub enum Proof {
    /// The code sent to the bound phone.
    Code(CodeAnswer),
    Password(String),
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
    /// A token for `purpose`, and when it ends.
    pub async fn step_up(&self, actor: &Actor, purpose: StepUp, proof: Proof) -> Result<(String, Timestamp), Failure> {
        let now = self.now();
        limits::take(&*self.store, now, "step-up", &actor.account.to_string(), PER_ACCOUNT).await?;
        match proof {
            Proof::Code(answer) => {
                let phone = self.own_phone(actor.account).await?.ok_or(Failure::PhoneNeeded)?;
                self.prove_phone(code::Purpose::StepUp, &phone, &answer, now).await?;
            }
            Proof::Password(password) => self.check_password(actor.account, &password, "password").await?,
        }
        let token = secret(&*self.random);
        let expires_at = now + LIFE;
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

    /// Uses the token up; it counts only for its purpose, in the session that earned it.
    pub(super) async fn spend_step_up(
        &self,
        actor: &Actor,
        purpose: StepUp,
        token: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let token = token.filter(|token| token.len() <= 64).ok_or(Failure::StepUpNeeded)?;
        let row = self.store.get(&key(token)).await?.ok_or(Failure::StepUpNeeded)?;
        match self.store.apply(Change::delete(key(token)).if_exists()).await {
            Ok(_) => {}
            Err(StoreError::Conflict { .. }) => return Err(Failure::StepUpNeeded),
            Err(error) => return Err(error.into()),
        }
        let row: StepUpRow = from_row(row)?;
        let earned = row.account == actor.account && row.session == actor.session && row.purpose == purpose;
        if earned && now < row.expires_at { Ok(()) } else { Err(Failure::StepUpNeeded) }
    }

    pub(super) async fn check_password(
        &self,
        account: AccountId,
        password: &str,
        field: &'static str,
    ) -> Result<(), Failure> {
        let row = self.account(account).await?;
        let typed = Password::typed(password);
        let right = typed.is_some_and(|typed| self.passwords.opens(&typed, Some(&row)));
        if right { Ok(()) } else { Err(Failure::Fields(vec![Fault { field, code: "password-wrong" }])) }
    }
}

fn key(token: &str) -> Key {
    Key::new(Table::Guards, format!("STEPUP#{}", secret_hash(token)), "STEPUP")
}
