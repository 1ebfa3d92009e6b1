//! 短信验证码: sending codes by SMS, and proving a phone with one.

use domain::account::Phone;
use domain::account::code::{self, Challenge, PER_DAY, Purpose, RESEND_AFTER, TRIES_MAX};
use domain::actor::{AccountId, Actor};
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rows::{Reservation, phone_key};
use super::{AccountError, Accounts, secret};
use crate::captcha::{self, Answer};
use crate::messages::{self, Message};
use crate::rate_limit;
use crate::store::{Change, Key, StoreError, Table, Token, from_row, to_row};

/// Codes requested from one network address, for all phones.
const PER_ADDRESS: TokenBucket = TokenBucket::new(20, SignedDuration::from_mins(3));
/// The same, in a day.
const PER_ADDRESS_DAY: i64 = 200;
/// Codes requested by one installation of the client in a day.
const PER_DEVICE_DAY: i64 = 20;
/// Codes for one phone.
const PER_PHONE: TokenBucket = TokenBucket::new(1, RESEND_AFTER);
/// Codes for one phone in an hour: the SMS provider has the same limit.
const PER_PHONE_HOUR: TokenBucket = TokenBucket::new(5, SignedDuration::from_mins(12));
/// All codes of a day, which bounds the cost.
const ALL_DAY: i64 = 20_000;

/// Who requests a code, for the rate limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requester {
    /// The network address.
    pub address: String,
    /// The installation's own id, if it sends one; otherwise the address is counted in its place.
    pub device: Option<String>,
}

/// A code that was sent, or looks as if it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentCode {
    /// Identifies the code in later requests; it does not reveal the digits.
    pub id: String,
    /// When the next code for this number can be requested.
    pub resend_at: Timestamp,
    /// The end of the code's lifetime.
    pub expires_at: Timestamp,
}

/// The answer to a code.
#[derive(Debug, Clone)]
pub struct CodeAnswer {
    /// [`SentCode::id`].
    pub id: String,
    /// The digits as the person typed them.
    pub digits: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodeRow {
    purpose: Purpose,
    /// An HMAC over id, purpose, phone and digits. The digits are not stored.
    mac: String,
    tries: i64,
    #[serde(default)]
    used: bool,
    expires_at: Timestamp,
    ttl: i64,
}

impl Accounts {
    /// Sends a code to `phone`. If `purpose` needs an account and no account has the number, the answer looks the same
    /// and nothing is sent.
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a malformed number, [`AccountError::Wait`] for a rate limit,
    /// [`AccountError::CaptchaNeeded`] or [`CaptchaUnsolved`](AccountError::CaptchaUnsolved).
    pub async fn send_code(
        &self,
        purpose: Purpose,
        phone: &str,
        answer: Option<&Answer>,
        requester: &Requester,
    ) -> Result<SentCode, AccountError> {
        let phone = parse_phone(phone)?;
        let now = self.now();
        let (store, device) = (&*self.store, requester.device.as_ref().unwrap_or(&requester.address));
        rate_limit::acquire(store, now, "sms-address", &requester.address, PER_ADDRESS).await?;
        rate_limit::acquire_daily(store, now, "sms-address", &requester.address, PER_ADDRESS_DAY).await?;
        rate_limit::acquire_daily(store, now, "sms-device", device, PER_DEVICE_DAY).await?;
        let answer = answer.ok_or(AccountError::CaptchaNeeded)?;
        captcha::redeem(&*self.store, now, captcha::Purpose::SmsCode, answer).await?;
        let bound = self.account_of_phone(&phone).await?.is_some();
        let deliver = matches!(purpose, Purpose::Register | Purpose::BindPhone) || bound;
        self.dispatch_code(purpose, &phone, deliver, now).await
    }

    /// 验证身份: sends a code to the actor's bound phone.
    ///
    /// # Errors
    /// [`AccountError::PhoneNeeded`] when no phone is bound, and as [`send_code`](Self::send_code).
    pub async fn send_own_code(&self, actor: &Actor, answer: Option<&Answer>) -> Result<SentCode, AccountError> {
        let now = self.now();
        let answer = answer.ok_or(AccountError::CaptchaNeeded)?;
        captcha::redeem(&*self.store, now, captcha::Purpose::SmsCode, answer).await?;
        let phone = self.own_phone(actor.account).await?.ok_or(AccountError::PhoneNeeded)?;
        self.dispatch_code(Purpose::StepUp, &phone, true, now).await
    }

    /// Counts, stores and queues a code. If `deliver` is false, only a no-op message is queued.
    pub(super) async fn dispatch_code(
        &self,
        purpose: Purpose,
        phone: &Phone,
        deliver: bool,
        now: Timestamp,
    ) -> Result<SentCode, AccountError> {
        let index = self.keys.index("phone", phone.digits());
        rate_limit::acquire(&*self.store, now, "sms-minute", &index, PER_PHONE).await?;
        rate_limit::acquire(&*self.store, now, "sms-hour", &index, PER_PHONE_HOUR).await?;
        rate_limit::acquire_daily(&*self.store, now, "sms-day", &index, PER_DAY).await?;
        rate_limit::acquire_daily(&*self.store, now, "sms-all", "", ALL_DAY).await?;

        let mut random = [0; 8];
        self.random.fill(&mut random);
        let digits = code::digits(random);
        let id = secret(&*self.random);
        let expires_at = now + code::LIFETIME;
        let row = CodeRow {
            purpose,
            mac: self.keys.code_mac(&[proof(&id, purpose, phone, &digits).as_bytes()]),
            tries: 0,
            used: false,
            expires_at,
            ttl: expires_at.as_second(),
        };
        let message = match deliver {
            true => Message::Code { phone: phone.e164(), purpose: purpose.name().to_owned(), code: digits },
            false => Message::NoOp,
        };
        let changes = vec![
            Change::put(code_key(&id), to_row(&row)?).if_absent(),
            messages::enqueue(self.keys.messages(), self.id(now), &message, now)?,
        ];
        self.store.commit(&Token::from(self.id(now)), changes).await?;
        Ok(SentCode { id, resend_at: now + RESEND_AFTER, expires_at })
    }

    /// Checks the answer to a code and uses the code up. Of concurrent right answers, one wins.
    pub(super) async fn prove_phone(
        &self,
        purpose: Purpose,
        phone: &Phone,
        answer: &CodeAnswer,
        now: Timestamp,
    ) -> Result<(), AccountError> {
        if answer.id.len() > 64 || answer.digits.len() > 16 {
            return Err(AccountError::CodeWrong);
        }
        let key = code_key(&answer.id);
        // The try is counted before it is checked, so concurrent tries cannot exceed the maximum.
        let tried =
            Change::update(key.clone()).add("tries", 1).if_at_most("tries", TRIES_MAX - 1).if_equals("used", false);
        let row: CodeRow = match self.store.apply(tried).await {
            Ok(row) => from_row(row)?,
            Err(StoreError::Conflict { .. }) => return Err(AccountError::CodeWrong),
            Err(error) => return Err(error.into()),
        };
        let before = Challenge { tries: row.tries - 1, used: row.used, expires_at: row.expires_at };
        let text = proof(&answer.id, purpose, phone, answer.digits.trim());
        let right = row.purpose == purpose && self.keys.code_matches(&[text.as_bytes()], &row.mac);
        if !before.is_open(now) || !right {
            return Err(AccountError::CodeWrong);
        }
        match self.store.apply(Change::update(key).set("used", true).if_equals("used", false)).await {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => Err(AccountError::CodeWrong),
            Err(error) => Err(error.into()),
        }
    }

    /// The account that has `phone`.
    pub(super) async fn account_of_phone(&self, phone: &Phone) -> Result<Option<AccountId>, AccountError> {
        let row = self.store.get(&phone_key(&self.keys.index("phone", phone.digits()))).await?;
        Ok(row.map(from_row::<Reservation>).transpose()?.and_then(|reservation| reservation.account))
    }
}

/// The text of a code's HMAC.
fn proof(id: &str, purpose: Purpose, phone: &Phone, digits: &str) -> String {
    format!("{id}\n{}\n{}\n{digits}", purpose.name(), phone.digits())
}

pub(super) fn parse_phone(text: &str) -> Result<Phone, AccountError> {
    Phone::parse(text).map_err(|bad| AccountError::field("phone", bad.0))
}

fn code_key(id: &str) -> Key {
    Key::new(Table::Ephemeral, format!("CODE#{id}"), "CODE")
}
