//! 注册: a new account, its name kept for it, the agreement on record, the first session.

use std::collections::BTreeSet;

use domain::account::{Kind, Malformed, Nickname, Password, Phone, UserName, code};
use domain::actor::{AccountId, Role};
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};

use super::rows::{AccountRow, Consent, Device, account_key, claim, name_key, phone_key};
use super::{Accounts, CodeAnswer, Failure, Fault, SignedIn};
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
    /// Needed unless a phone is given, which then is the name to sign in with.
    pub user_name: Option<String>,
    /// A phone and the code that was sent there.
    pub phone: Option<(String, CodeAnswer)>,
    pub nickname: Option<String>,
    pub password: String,
    pub agreement: String,
    /// Needed unless a phone is proven: the code cost a captcha already.
    pub captcha: Option<Answer>,
    pub device: Device,
}

impl Accounts {
    pub async fn register(&self, command: Register) -> Result<SignedIn, Failure> {
        let now = self.now();
        let form = Form::parse(&command)?;
        limits::take(&*self.store, now, "register", &command.device.address, PER_ADDRESS).await?;
        match (&command.phone, &form.phone) {
            (Some((_, code)), Some(phone)) => self.prove_phone(code::Purpose::Register, phone, code, now).await?,
            _ => {
                let answer = command.captcha.as_ref().ok_or(Failure::CaptchaNeeded)?;
                captcha::redeem(&*self.store, now, Purpose::Register, answer).await?;
            }
        }

        let (account, key) = self.new_account(&command, &form, now).await?;
        let (signed_in, session) = self.open_session(&account, command.device, now)?;
        let mut changes = vec![
            claim(name_key(&account.user_name), account.id)?,
            Change::put(account_key(account.id), to_row(&account)?).if_absent(),
            session,
        ];
        if let Some(phone) = &form.phone {
            changes.push(claim(phone_key(&self.keys.index("phone", phone.digits())), account.id)?);
        }
        changes.extend(key);
        match self.store.commit(&Token::from(self.id(now)), changes).await {
            // The phone first: its owner should sign in, not look for another name.
            Err(error) if error.conflicts_at(3) => Err(Failure::PhoneTaken),
            Err(error) if error.conflicts_at(0) => Err(Failure::NameTaken),
            Err(StoreError::Conflict { .. }) => Err(Failure::Changed),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(signed_in),
        }
    }

    /// The account, and with a phone the change that stores the key it is sealed with.
    async fn new_account(
        &self,
        command: &Register,
        form: &Form,
        now: Timestamp,
    ) -> Result<(AccountRow, Option<Change>), Failure> {
        let id = AccountId(self.id(now));
        let phone = form.phone.as_ref();
        let (sealed, key) = match phone {
            Some(phone) => {
                self.seal_first(id, "phone", phone.digits()).await.map(|(text, key)| (Some(text), Some(key)))?
            }
            None => (None, None),
        };
        let account = AccountRow {
            version: 1,
            id,
            kind: command.kind,
            user_name: form.user_name.clone().map_or_else(|| self.invented_name(), Ok)?,
            nickname: form.nickname.clone(),
            phone_masked: phone.map(Phone::masked),
            phone_sealed: sealed,
            phone_index: phone.map(|phone| self.keys.index("phone", phone.digits())),
            email_masked: None,
            email_sealed: None,
            email_link: None,
            password_hash: Some(self.passwords.hash(&form.password, &*self.random)),
            old_hash: None,
            imported: false,
            roles: BTreeSet::from([Role::User]),
            consent: Consent { version: command.agreement.clone(), at: now },
            created_at: now,
            closes_at: None,
            closed_at: None,
        };
        Ok((account, key))
    }

    /// A user name for somebody who signs in by phone alone.
    fn invented_name(&self) -> Result<UserName, Failure> {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        let name: String = bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
        UserName::parse(&format!("user-{name}")).map_err(|bad| Failure::Broken(bad.to_string()))
    }
}

/// The command once every field has been read.
struct Form {
    user_name: Option<UserName>,
    phone: Option<Phone>,
    nickname: Option<Nickname>,
    password: Password,
}

impl Form {
    fn parse(command: &Register) -> Result<Self, Failure> {
        let mut faults = Vec::new();
        let mut refuse = |field, code| faults.push(Fault { field, code });
        let user_name = match command.user_name.as_deref().filter(|name| !name.trim().is_empty()) {
            Some(name) => UserName::parse(name).map(Some),
            None if command.phone.is_some() => Ok(None),
            None => Err(Malformed("field-missing")),
        };
        let user_name = user_name.map_err(|bad| refuse("userName", bad.0)).ok();
        let phone = command.phone.as_ref().map(|(phone, _)| Phone::parse(phone)).transpose();
        let phone = phone.map_err(|bad| refuse("phone", bad.0)).ok();
        let nickname = command.nickname.as_deref().filter(|name| !name.trim().is_empty()).map(Nickname::parse);
        let nickname = nickname.transpose().map_err(|bad| refuse("nickname", bad.0)).ok();
        let names = [command.user_name.as_deref().map(str::trim), command.nickname.as_deref()];
        let digits = phone.as_ref().and_then(Option::as_ref).map(Phone::digits);
        let names: Vec<&str> = names.into_iter().chain([digits]).flatten().collect();
        let password = Password::choose(&command.password, &names);
        let password = password.map_err(|rules| rules.into_iter().for_each(|rule| refuse("password", rule.0))).ok();
        if command.agreement != AGREEMENT {
            refuse("agreement", "agreement-needed");
        }
        match (user_name, phone, nickname, password) {
            (Some(user_name), Some(phone), Some(nickname), Some(password)) if faults.is_empty() => {
                Ok(Self { user_name, phone, nickname, password })
            }
            _ => Err(Failure::Fields(faults)),
        }
    }
}
