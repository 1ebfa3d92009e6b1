//! Codes by short message: sending one, and proving a phone with it.

use domain::account::Phone;
use domain::account::code::{self, Challenge, PER_DAY, Purpose, RESEND, TRIES_MAX};
use domain::actor::{AccountId, Actor};
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rows::{Claim, phone_key};
use super::{Accounts, Failure, Fault, secret};
use crate::captcha::{self, Answer, Purpose as Puzzle};
use crate::limits;
use crate::messages::{self, Message};
use crate::store::{Change, Key, StoreError, Table, Token, from_row, to_row};

/// Codes asked for from one address, over all phones.
const PER_ADDRESS: Bucket = Bucket::new(20, SignedDuration::from_mins(3));
const PER_ADDRESS_DAY: i64 = 200;
const PER_DEVICE_DAY: i64 = 20;
const PER_PHONE: Bucket = Bucket::new(1, RESEND);
/// The provider's own limit for one signature.
const PER_PHONE_HOUR: Bucket = Bucket::new(5, SignedDuration::from_mins(12));
/// What a day may cost, whoever asks.
const ALL_DAY: i64 = 20_000;

/// Where a wish for a code comes from, for the limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// A network address.
    pub address: String,
    /// The installation, if it names itself; else the address stands for it.
    pub device: Option<String>,
}

/// A code on its way, or the look of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentCode {
    /// Names this very code; the phone's owner alone knows its digits.
    pub id: String,
    pub resend_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What somebody read on their phone.
#[derive(Debug, Clone)]
pub struct CodeAnswer {
    pub id: String,
    pub digits: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct CodeRow {
    purpose: Purpose,
    /// Binds digits, purpose and phone together; the digits themselves are nowhere.
    mac: String,
    tries: i64,
    #[serde(default)]
    used: bool,
    expires_at: Timestamp,
    ttl: i64,
}

impl Accounts {
    /// Sends a code to a number somebody typed. For a purpose that needs an account, an unknown number looks the same.
    pub async fn send_code(
        &self,
        purpose: Purpose,
        phone: &str,
        answer: Option<&Answer>,
        asker: &Asker,
    ) -> Result<SentCode, Failure> {
        let phone = parse_phone(phone)?;
        let now = self.now();
        let (store, device) = (&*self.store, asker.device.as_ref().unwrap_or(&asker.address));
        limits::take(store, now, "sms-address", &asker.address, PER_ADDRESS).await?;
        limits::count_today(store, now, "sms-address", &asker.address, PER_ADDRESS_DAY).await?;
        limits::count_today(store, now, "sms-device", device, PER_DEVICE_DAY).await?;
        let answer = answer.ok_or(Failure::CaptchaNeeded)?;
        captcha::redeem(&*self.store, now, Puzzle::SmsCode, answer).await?;
        let bound = self.account_of_phone(&phone).await?.is_some();
        let heard = matches!(purpose, Purpose::Register | Purpose::BindPhone) || bound;
        self.dispatch_code(purpose, &phone, heard, now).await
    }

    /// 验证身份: sends a code to the actor's own number.
    pub async fn send_own_code(&self, actor: &Actor, answer: Option<&Answer>) -> Result<SentCode, Failure> {
        let now = self.now();
        let answer = answer.ok_or(Failure::CaptchaNeeded)?;
        captcha::redeem(&*self.store, now, Puzzle::SmsCode, answer).await?;
        let phone = self.own_phone(actor.account).await?.ok_or(Failure::PhoneNeeded)?;
        self.dispatch_code(Purpose::StepUp, &phone, true, now).await
    }

    /// Counts, stores and posts a code; with `heard` false nothing leaves the house.
    pub(super) async fn dispatch_code(
        &self,
        purpose: Purpose,
        phone: &Phone,
        heard: bool,
        now: Timestamp,
    ) -> Result<SentCode, Failure> {
        let index = self.keys.index("phone", phone.digits());
        limits::take(&*self.store, now, "sms-minute", &index, PER_PHONE).await?;
        limits::take(&*self.store, now, "sms-hour", &index, PER_PHONE_HOUR).await?;
        limits::count_today(&*self.store, now, "sms-day", &index, PER_DAY).await?;
        limits::count_today(&*self.store, now, "sms-all", "", ALL_DAY).await?;

        let mut random = [0; 8];
        self.random.fill(&mut random);
        let digits = code::digits(random);
        let id = secret(&*self.random);
        let expires_at = now + code::LIFE;
        let row = CodeRow {
            purpose,
            mac: self.keys.code_mac(&[proof(&id, purpose, phone, &digits).as_bytes()]),
            tries: 0,
            used: false,
            expires_at,
            ttl: expires_at.as_second(),
        };
        let message = match heard {
            true => Message::Code { phone: phone.e164(), purpose: purpose.name().to_owned(), code: digits },
            false => Message::Silence,
        };
        let changes = vec![
            Change::put(code_key(&id), to_row(&row)?).if_absent(),
            messages::post(self.keys.messages(), self.id(now), &message, now)?,
        ];
        self.store.commit(&Token::from(self.id(now)), changes).await?;
        Ok(SentCode { id, resend_at: now + RESEND, expires_at })
    }

    /// Uses the code up, or counts a wrong try. Of two right answers at once one wins.
    pub(super) async fn prove_phone(
        &self,
        purpose: Purpose,
        phone: &Phone,
        answer: &CodeAnswer,
        now: Timestamp,
    ) -> Result<(), Failure> {
        if answer.id.len() > 64 || answer.digits.len() > 16 {
            return Err(Failure::CodeWrong);
        }
        let key = code_key(&answer.id);
        // The try is counted before it is judged: a thousand at once are five.
        let tried =
            Change::update(key.clone()).add("tries", 1).if_at_most("tries", TRIES_MAX - 1).if_equals("used", false);
        let row: CodeRow = match self.store.apply(tried).await {
            Ok(row) => from_row(row)?,
            Err(StoreError::Conflict { .. }) => return Err(Failure::CodeWrong),
            Err(error) => return Err(error.into()),
        };
        let before = Challenge { tries: row.tries - 1, used: row.used, expires_at: row.expires_at };
        let text = proof(&answer.id, purpose, phone, answer.digits.trim());
        let right = row.purpose == purpose && self.keys.code_matches(&[text.as_bytes()], &row.mac);
        if !before.is_open(now) || !right {
            return Err(Failure::CodeWrong);
        }
        match self.store.apply(Change::update(key).set("used", true).if_equals("used", false)).await {
            Ok(_) => Ok(()),
            Err(StoreError::Conflict { .. }) => Err(Failure::CodeWrong),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn account_of_phone(&self, phone: &Phone) -> Result<Option<AccountId>, Failure> {
        let row = self.store.get(&phone_key(&self.keys.index("phone", phone.digits()))).await?;
        Ok(row.map(from_row::<Claim>).transpose()?.and_then(|claim| claim.account))
    }
}

/// What a code's mac is over.
fn proof(id: &str, purpose: Purpose, phone: &Phone, digits: &str) -> String {
    format!("{id}\n{}\n{}\n{digits}", purpose.name(), phone.digits())
}

pub(super) fn parse_phone(text: &str) -> Result<Phone, Failure> {
    Phone::parse(text).map_err(|bad| Failure::Fields(vec![Fault { field: "phone", code: bad.0 }]))
}

fn code_key(id: &str) -> Key {
    Key::new(Table::Guards, format!("CODE#{id}"), "CODE")
}
