//! 第二步验证: staff prove with a device what they said with a password.
//!
//! A member of staff who has signed in holds a session that is good for this alone. The first time it sets the device up,
//! every time it answers with a code; either ends it and opens one that the roles may use.

use domain::account::session::Ended;
use domain::actor::{AccountId, Actor, Scope};
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rows::{Device, account_partition, session_key};
use super::{Accounts, Failure, Fault, SignedIn, totp};
use crate::limits;
use crate::store::{Change, Key, StoreError, Table, Token, from_row, to_row};

/// Guesses one account may make: five at once, then one a minute …
const PER_ACCOUNT: Bucket = Bucket::new(5, SignedDuration::from_mins(1));
/// … and NIST's hundred in a day. Only who knows the password can use them up.
const PER_DAY: i64 = 100;
const RECOVERY_CODES: usize = 10;
const RECOVERY_BYTES: usize = 10;

/// What a person shows as the second step.
#[derive(Debug, Clone)]
pub enum Shown {
    /// Six digits from the authenticator.
    Code(String),
    /// One of the codes written down when the device was set up.
    Recovery(String),
}

/// A new authenticator, to be typed or photographed once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    pub secret: String,
    pub uri: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FactorRow {
    version: i64,
    secret_sealed: String,
    confirmed: bool,
    /// The period of the last code that was good.
    used: i64,
    /// What is stored of the recovery codes that are left.
    recovery: Vec<String>,
}

/// What stands where no second factor is: the row of a factor that was taken away keeps its version.
#[derive(Debug, Deserialize)]
struct Kept {
    version: i64,
    #[serde(flatten)]
    factor: serde_json::Value,
}

impl Accounts {
    /// Whether the account has set its device up.
    pub async fn has_second_factor(&self, account: AccountId) -> Result<bool, Failure> {
        Ok(self.factor(account).await?.1.is_some_and(|factor| factor.confirmed))
    }

    /// Begins to set a device up. Beginning again makes the picture before it worthless.
    pub async fn enrol_second_factor(&self, actor: &Actor) -> Result<Enrolment, Failure> {
        // The token's word: when roles change, the session ends.
        if !actor.roles.iter().any(|role| role.is_staff()) {
            return Err(Failure::NotStaff);
        }
        let account = self.account(actor.account).await?;
        let (version, before) = self.factor(actor.account).await?;
        if before.is_some_and(|factor| factor.confirmed) {
            return Err(Failure::AlreadyEnrolled);
        }
        let mut secret = [0; totp::SECRET_BYTES];
        self.random.fill(&mut secret);
        let secret_sealed = self.seal(actor.account, "totp", &totp::text(&secret)).await?;
        let factor = FactorRow { version: version + 1, secret_sealed, confirmed: false, used: 0, recovery: Vec::new() };
        self.store.apply(replace(actor.account, version, &factor)?).await?;
        Ok(Enrolment { secret: totp::text(&secret), uri: totp::uri(account.user_name.as_str(), &secret) })
    }

    /// The device works: shows its first code, and gets the codes for the day it is lost.
    pub async fn confirm_second_factor(
        &self,
        actor: &Actor,
        code: &str,
        device: Device,
    ) -> Result<(SignedIn, Vec<String>), Failure> {
        let now = self.guess(actor.account).await?;
        let (version, factor) = self.factor(actor.account).await?;
        let factor = factor.ok_or(Failure::NotFound)?;
        if factor.confirmed {
            return Err(Failure::AlreadyEnrolled);
        }
        let used = self.right_period(actor.account, &factor, code, now).await?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| self.recovery_code()).collect();
        let recovery = codes.iter().map(|code| self.recovery_mac(actor.account, code)).collect();
        let next = FactorRow { version: version + 1, confirmed: true, used, recovery, ..factor };
        let signed_in = self.trade_session(actor, device, replace(actor.account, version, &next)?, now).await?;
        Ok((signed_in, codes))
    }

    /// The second step of a sign-in. A code is good once, for whoever is first.
    pub async fn show_second_factor(&self, actor: &Actor, shown: Shown, device: Device) -> Result<SignedIn, Failure> {
        let now = self.guess(actor.account).await?;
        let (version, factor) = self.factor(actor.account).await?;
        let factor = factor.filter(|factor| factor.confirmed).ok_or(Failure::NotEnrolled)?;
        let next = match shown {
            Shown::Code(code) => {
                let used = self.right_period(actor.account, &factor, &code, now).await?;
                FactorRow { version: version + 1, used, ..factor }
            }
            Shown::Recovery(code) => {
                let mac = self.recovery_mac(actor.account, &code);
                let left: Vec<_> = factor.recovery.iter().filter(|kept| **kept != mac).cloned().collect();
                if left.len() == factor.recovery.len() {
                    return Err(wrong());
                }
                FactorRow { version: version + 1, recovery: left, ..factor }
            }
        };
        self.trade_session(actor, device, replace(actor.account, version, &next)?, now).await
    }

    /// Ends the session of the first step and opens the whole one, in the commit that uses the code up.
    async fn trade_session(
        &self,
        actor: &Actor,
        device: Device,
        factor: Change,
        now: Timestamp,
    ) -> Result<SignedIn, Failure> {
        let account = self.account(actor.account).await?;
        let old = Change::update(session_key(actor.account, actor.session))
            .set("ended", serde_json::json!(Ended::Continued))
            .if_exists()
            .if_missing("ended");
        let (signed_in, new) = self.open_session_in(&account, Scope::Full, device, now)?;
        match self.store.commit(&Token::from(self.id(now)), vec![factor, old, new]).await {
            Err(StoreError::Conflict { .. }) => Err(wrong()),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(signed_in),
        }
    }

    /// Counts a guess before it is judged.
    async fn guess(&self, account: AccountId) -> Result<Timestamp, Failure> {
        let (now, who) = (self.now(), account.to_string());
        limits::take(&*self.store, now, "second-factor", &who, PER_ACCOUNT).await?;
        limits::count_today(&*self.store, now, "second-factor", &who, PER_DAY).await?;
        Ok(now)
    }

    async fn right_period(
        &self,
        account: AccountId,
        factor: &FactorRow,
        code: &str,
        now: Timestamp,
    ) -> Result<i64, Failure> {
        let secret = self.unseal(account, "totp", &factor.secret_sealed).await?;
        let secret =
            totp::bytes(&secret).ok_or_else(|| Failure::Broken("a second factor without a secret".to_owned()))?;
        totp::period_of(&secret, code.trim(), now, factor.used).ok_or_else(wrong)
    }

    async fn factor(&self, account: AccountId) -> Result<(i64, Option<FactorRow>), Failure> {
        let Some(row) = self.store.get(&factor_key(account)).await? else { return Ok((0, None)) };
        let kept: Kept = from_row(row.clone())?;
        let there = kept.factor.get("secretSealed").is_some();
        Ok((kept.version, there.then(|| from_row(row)).transpose()?))
    }

    fn recovery_code(&self) -> String {
        let mut bytes = [0; RECOVERY_BYTES];
        self.random.fill(&mut bytes);
        let text = totp::text(&bytes).to_lowercase();
        text.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four)).collect::<Vec<_>>().join("-")
    }

    /// However it was typed: capitals, spaces and hyphens do not count.
    fn recovery_mac(&self, account: AccountId, code: &str) -> String {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
        self.keys.index("recovery", &format!("{account}:{}", code.to_lowercase()))
    }
}

fn wrong() -> Failure {
    Failure::Fields(vec![Fault { field: "code", code: "second-factor-wrong" }])
}

pub(super) fn factor_key(account: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(account), "SECOND-FACTOR")
}

/// A first row where none is, else the next version: of two at once one is refused.
fn replace(account: AccountId, version: i64, factor: &FactorRow) -> Result<Change, Failure> {
    let change = Change::put(factor_key(account), to_row(factor)?);
    Ok(if version == 0 { change.if_absent() } else { change.if_version(version) })
}

/// Takes the factor away and keeps its version, so that no answer on its way brings it back.
pub(super) fn forget(account: AccountId) -> Change {
    let change = Change::update(factor_key(account)).add("version", 1);
    ["secretSealed", "confirmed", "used", "recovery"].into_iter().fold(change, Change::remove)
}
