//! 注册: a new account, its name kept for it, the agreement on record, the first session.

use std::collections::BTreeSet;

use domain::account::{Kind, Nickname, Password, UserName};
use domain::actor::{AccountId, Role};
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};

use super::rows::{AccountRow, Claim, Consent, Device, account_key, name_key};
use super::{Accounts, Failure, Fault, SignedIn};
use crate::captcha::{self, Answer, Purpose};
use crate::limits;
use crate::store::{Change, StoreError, Token, to_row};

/// The agreement in force; another version is not consent.
pub const AGREEMENT: &str = "2024-02";
/// New accounts from one address.
const PER_ADDRESS: Bucket = Bucket::new(10, SignedDuration::from_mins(6));

#[derive(Debug)]
pub struct Register {
    pub kind: Kind,
    pub user_name: String,
    pub nickname: Option<String>,
    pub password: String,
    pub agreement: String,
    pub captcha: Option<Answer>,
    pub device: Device,
}

impl Accounts {
    pub async fn register(&self, command: Register) -> Result<SignedIn, Failure> {
        let now = self.now().await;
        let form = Form::parse(&command)?;
        limits::take(&*self.store, now, "register", &command.device.address, PER_ADDRESS).await?;
        let answer = command.captcha.as_ref().ok_or(Failure::CaptchaNeeded)?;
        captcha::redeem(&*self.store, now, Purpose::Register, answer).await?;

        let account = self.new_account(&command, &form, now);
        let (signed_in, session) = self.open_session(&account, command.device, now)?;
        let changes = vec![
            Change::put(name_key(&account.user_name), to_row(&Claim { account: account.id })?).if_absent(),
            Change::put(account_key(account.id), to_row(&account)?).if_absent(),
            session,
        ];
        match self.store.commit(&Token::from(self.id(now)), changes).await {
            Err(error) if error.conflicts_at(0) => Err(Failure::NameTaken),
            Err(StoreError::Conflict { .. }) => Err(Failure::Changed),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(signed_in),
        }
    }

    fn new_account(&self, command: &Register, form: &Form, now: Timestamp) -> AccountRow {
        AccountRow {
            version: 1,
            id: AccountId(self.id(now)),
            kind: command.kind,
            user_name: form.user_name.clone(),
            nickname: form.nickname.clone(),
            phone_masked: None,
            password_hash: Some(self.passwords.hash(&form.password, &*self.random)),
            roles: BTreeSet::from([Role::User]),
            consent: Consent { version: command.agreement.clone(), at: now },
            created_at: now,
            closed_at: None,
        }
    }
}

/// The command once every field has been read.
struct Form {
    user_name: UserName,
    nickname: Option<Nickname>,
    password: Password,
}

impl Form {
    fn parse(command: &Register) -> Result<Self, Failure> {
        let mut faults = Vec::new();
        let mut refuse = |field, code| faults.push(Fault { field, code });
        let user_name = UserName::parse(&command.user_name).map_err(|bad| refuse("userName", bad.0)).ok();
        let nickname = command.nickname.as_deref().filter(|name| !name.trim().is_empty()).map(Nickname::parse);
        let nickname = nickname.transpose().map_err(|bad| refuse("nickname", bad.0)).ok();
        let names: Vec<&str> =
            [Some(command.user_name.trim()), command.nickname.as_deref()].into_iter().flatten().collect();
        let password = Password::choose(&command.password, &names);
        let password = password.map_err(|rules| rules.into_iter().for_each(|rule| refuse("password", rule.0))).ok();
        if command.agreement != AGREEMENT {
            refuse("agreement", "agreement-needed");
        }
        match (user_name, nickname, password) {
            (Some(user_name), Some(nickname), Some(password)) if faults.is_empty() => {
                Ok(Self { user_name, nickname, password })
            }
            _ => Err(Failure::Fields(faults)),
        }
    }
}
