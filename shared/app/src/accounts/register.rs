//! 注册: creates an account with a unique name, records the consent, and signs in.

use std::collections::BTreeSet;

use domain::account::{Kind, Malformed, Nickname, Password, Phone, UserName, code};
use domain::actor::{AccountId, Role};
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};

use super::rows::{AccountRow, Consent, Device, account_key, name_key, phone_key, reserve};
use super::{AccountError, Accounts, CodeAnswer, FieldError, SignedIn};
use crate::captcha::{self, Answer, Purpose};
use crate::rate_limit;
use crate::store::{Change, Token, to_row};

/// The version of the terms of use in force. Agreeing to another version is no consent.
pub const AGREEMENT: &str = "2024-02";
/// Registrations from one network address.
const PER_ADDRESS: TokenBucket = TokenBucket::new(10, SignedDuration::from_mins(6));

/// The command to register.
#[derive(Debug)]
pub struct Register {
    /// 用户类型
    pub kind: Kind,
    /// 登录账户: required without a phone; with one, the account gets a generated name and signs in by phone.
    pub user_name: Option<String>,
    /// 手机号 and the answer to the code sent to it.
    pub phone: Option<(String, CodeAnswer)>,
    /// 昵称
    pub nickname: Option<String>,
    /// 密码
    pub password: SecretString,
    /// The version of the terms of use that the person agreed to; must be [`AGREEMENT`].
    pub agreement: String,
    /// Required without a phone; the code for a phone needed a captcha already.
    pub captcha: Option<Answer>,
    /// The device of the first session.
    pub device: Device,
}

impl Accounts {
    /// Creates the account and its first session.
    ///
    /// # Errors
    /// [`AccountError::Fields`] with every bad field, [`AccountError::NameTaken`], [`AccountError::PhoneTaken`],
    /// [`AccountError::CodeWrong`], [`AccountError::CaptchaNeeded`] or
    /// [`CaptchaUnsolved`](AccountError::CaptchaUnsolved), [`AccountError::Wait`] for the rate limit.
    pub async fn register(&self, command: Register) -> Result<SignedIn, AccountError> {
        let now = self.now();
        let form = Form::parse(&command)?;
        rate_limit::acquire(&*self.store, now, "register", &command.device.address, PER_ADDRESS).await?;
        match (&command.phone, &form.phone) {
            (Some((_, code)), Some(phone)) => self.prove_phone(code::Purpose::Register, phone, code, now).await?,
            _ => {
                let answer = command.captcha.as_ref().ok_or(AccountError::CaptchaNeeded)?;
                captcha::redeem(&*self.store, now, Purpose::Register, answer).await?;
            }
        }

        let (account, key) = self.new_account(&command, &form, now).await?;
        let (signed_in, session) = self.open_session(&account, command.device, now)?;
        let mut changes = vec![
            reserve(name_key(&account.user_name), account.id)?,
            Change::put(account_key(account.id), to_row(&account)?).if_absent(),
            session,
        ];
        if let Some(phone) = &form.phone {
            changes.push(reserve(phone_key(&self.keys.index("phone", phone.digits())), account.id)?);
        }
        changes.extend(key);
        match self.store.commit(&Token::from(self.id(now)), changes).await {
            // A taken phone is reported before a taken name: its owner should sign in, not choose another name.
            Err(error) if error.conflicts_at(3) => Err(AccountError::PhoneTaken),
            Err(error) if error.conflicts_at(0) => Err(AccountError::NameTaken),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(signed_in),
        }
    }

    /// The account's row; with a phone, also the change that stores the data key that seals it.
    async fn new_account(
        &self,
        command: &Register,
        form: &Form,
        now: Timestamp,
    ) -> Result<(AccountRow, Option<Change>), AccountError> {
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
            user_name: form.user_name.clone().map_or_else(|| self.generate_user_name(), Ok)?,
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

    /// A user name for an account that registers with a phone only.
    fn generate_user_name(&self) -> Result<UserName, AccountError> {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        let name: String = bytes.iter().map(|byte| char::from(b'a' + byte % 26)).collect();
        UserName::parse(&format!("user-{name}")).map_err(AccountError::internal)
    }
}

/// The checked fields of the command.
struct Form {
    user_name: Option<UserName>,
    phone: Option<Phone>,
    nickname: Option<Nickname>,
    password: Password,
}

impl Form {
    fn parse(command: &Register) -> Result<Self, AccountError> {
        let mut errors = Vec::new();
        let mut refuse = |field, code| errors.push(FieldError { field, code });
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
        let password = Password::choose(command.password.expose_secret(), &names);
        let password = password.map_err(|rules| rules.into_iter().for_each(|rule| refuse("password", rule.0))).ok();
        if command.agreement != AGREEMENT {
            refuse("agreement", "agreement-needed");
        }
        match (user_name, phone, nickname, password) {
            (Some(user_name), Some(phone), Some(nickname), Some(password)) if errors.is_empty() => {
                Ok(Self { user_name, phone, nickname, password })
            }
            _ => Err(AccountError::Fields(errors)),
        }
    }
}
