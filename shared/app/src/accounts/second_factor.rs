//! 第二步验证: the second factor of staff, a one-time password of an authenticator app.
//!
//! After the password, staff have a session of the scope `SecondFactor`. The first time they set up the authenticator,
//! and each time they enter a code; both replace the session by one with full scope.

use domain::account::session::EndReason;
use domain::actor::{AccountId, Actor, Scope};
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rows::{Device, account_partition, session_key};
use super::{AccountError, Accounts, SignedIn, totp};
use crate::failure::Failure;
use crate::rate_limit;
use crate::store::{Change, Key, StoreError, Table, Token, from_row, to_row};

/// Attempts for one account: five at once, then one a minute …
const PER_ACCOUNT: TokenBucket = TokenBucket::new(5, SignedDuration::from_mins(1));
/// … and a hundred in a day (NIST SP 800-63B-4). An attempt needs the password of the account, so a stranger cannot use
/// them up.
const PER_DAY: i64 = 100;
/// Recovery codes of one account.
const RECOVERY_CODES: usize = 10;
/// Random bytes of one recovery code: 80 bits.
const RECOVERY_BYTES: usize = 10;

/// The proof of the second factor.
#[derive(Debug, Clone)]
pub enum SecondFactorProof {
    /// Six digits from the authenticator.
    Code(String),
    /// One of the recovery codes, for a lost authenticator.
    Recovery(String),
}

/// The secret of a new authenticator, shown once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enrolment {
    /// In Base32, to be typed.
    pub secret: String,
    /// The content of the QR code: `otpauth://totp/…`.
    pub uri: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct FactorRow {
    version: i64,
    secret_sealed: String,
    confirmed: bool,
    /// The period of the last accepted code.
    used: i64,
    /// The blind indexes of the unused recovery codes.
    recovery: Vec<String>,
}

/// The row with or without a factor: the row of a deleted factor keeps its version.
#[derive(Debug, Deserialize)]
struct VersionedRow {
    version: i64,
    #[serde(flatten)]
    factor: serde_json::Value,
}

impl Accounts {
    /// Whether the account has set up its authenticator.
    ///
    /// # Errors
    /// [`AccountError::Other`] when the store fails.
    pub async fn has_second_factor(&self, account: AccountId) -> Result<bool, AccountError> {
        Ok(self.factor(account).await?.1.is_some_and(|factor| factor.confirmed))
    }

    /// Begins to set up an authenticator with a new secret. Beginning again replaces the secret.
    ///
    /// # Errors
    /// [`AccountError::NotStaff`], [`AccountError::AlreadyEnrolled`].
    pub async fn enrol_second_factor(&self, actor: &Actor) -> Result<Enrolment, AccountError> {
        // The roles of the access token are current: a change of roles ends the session.
        if !actor.roles.iter().any(|role| role.is_staff()) {
            return Err(AccountError::NotStaff);
        }
        let account = self.account(actor.account).await?;
        let (version, before) = self.factor(actor.account).await?;
        if before.is_some_and(|factor| factor.confirmed) {
            return Err(AccountError::AlreadyEnrolled);
        }
        let mut secret = [0; totp::SECRET_BYTES];
        self.random.fill(&mut secret);
        let secret_sealed = self.seal(actor.account, "totp", &totp::encode(&secret)).await?;
        let factor = FactorRow { version: version + 1, secret_sealed, confirmed: false, used: 0, recovery: Vec::new() };
        self.store.apply(replace(actor.account, version, &factor)?).await?;
        Ok(Enrolment { secret: totp::encode(&secret), uri: totp::uri(account.user_name.as_str(), &secret) })
    }

    /// Confirms the authenticator with its first code. Returns a session with full scope and the recovery codes.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the set-up was not begun, [`AccountError::AlreadyEnrolled`], [`AccountError::Fields`]
    /// for a wrong code, [`AccountError::Wait`] after too many tries.
    pub async fn confirm_second_factor(
        &self,
        actor: &Actor,
        code: &str,
        device: Device,
    ) -> Result<(SignedIn, Vec<String>), AccountError> {
        let now = self.count_try(actor.account).await?;
        let (version, factor) = self.factor(actor.account).await?;
        let factor = factor.ok_or(Failure::NotFound)?;
        if factor.confirmed {
            return Err(AccountError::AlreadyEnrolled);
        }
        let used = self.verify_code(actor.account, &factor, code, now).await?;
        let codes: Vec<String> = (0..RECOVERY_CODES).map(|_| self.recovery_code()).collect();
        let recovery = codes.iter().map(|code| self.recovery_mac(actor.account, code)).collect();
        let next = FactorRow { version: version + 1, confirmed: true, used, recovery, ..factor };
        let signed_in = self.replace_session(actor, device, replace(actor.account, version, &next)?, now).await?;
        Ok((signed_in, codes))
    }

    /// The second step of a sign-in: checks the proof, uses it up, and returns a session with full scope.
    ///
    /// # Errors
    /// [`AccountError::NotEnrolled`], [`AccountError::Fields`] for a wrong or used code, [`AccountError::Wait`] after
    /// too many tries.
    pub async fn verify_second_factor(
        &self,
        actor: &Actor,
        proof: SecondFactorProof,
        device: Device,
    ) -> Result<SignedIn, AccountError> {
        let now = self.count_try(actor.account).await?;
        let (version, factor) = self.factor(actor.account).await?;
        let factor = factor.filter(|factor| factor.confirmed).ok_or(AccountError::NotEnrolled)?;
        let next = match proof {
            SecondFactorProof::Code(code) => {
                let used = self.verify_code(actor.account, &factor, &code, now).await?;
                FactorRow { version: version + 1, used, ..factor }
            }
            SecondFactorProof::Recovery(code) => {
                let mac = self.recovery_mac(actor.account, &code);
                let left: Vec<_> = factor.recovery.iter().filter(|stored| **stored != mac).cloned().collect();
                if left.len() == factor.recovery.len() {
                    return Err(wrong_code());
                }
                FactorRow { version: version + 1, recovery: left, ..factor }
            }
        };
        self.replace_session(actor, device, replace(actor.account, version, &next)?, now).await
    }

    /// Replaces the session of the first step by one with full scope, in the commit that uses up the code.
    async fn replace_session(
        &self,
        actor: &Actor,
        device: Device,
        factor: Change,
        now: Timestamp,
    ) -> Result<SignedIn, AccountError> {
        let account = self.account(actor.account).await?;
        let old = Change::update(session_key(actor.account, actor.session))
            .set("ended", serde_json::json!(EndReason::Continued))
            .if_exists()
            .if_missing("ended");
        let (signed_in, new) = self.open_session_with(&account, Scope::Full, device, now)?;
        match self.store.commit(&Token::from(self.id(now)), vec![factor, old, new]).await {
            Err(StoreError::Conflict { .. }) => Err(wrong_code()),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(signed_in),
        }
    }

    /// Counts a try before it is checked, and returns the present time.
    async fn count_try(&self, account: AccountId) -> Result<Timestamp, AccountError> {
        let (now, who) = (self.now(), account.to_string());
        rate_limit::acquire(&*self.store, now, "second-factor", &who, PER_ACCOUNT).await?;
        rate_limit::acquire_daily(&*self.store, now, "second-factor", &who, PER_DAY).await?;
        Ok(now)
    }

    /// The period of `code`, if it is right and not used.
    async fn verify_code(
        &self,
        account: AccountId,
        factor: &FactorRow,
        code: &str,
        now: Timestamp,
    ) -> Result<i64, AccountError> {
        let secret = self.unseal(account, "totp", &factor.secret_sealed).await?;
        let secret = totp::decode(&secret).ok_or_else(|| AccountError::internal("a second factor without a secret"))?;
        totp::matching_period(&secret, code.trim(), now, factor.used).ok_or_else(wrong_code)
    }

    async fn factor(&self, account: AccountId) -> Result<(i64, Option<FactorRow>), AccountError> {
        let Some(row) = self.store.get(&factor_key(account)).await? else { return Ok((0, None)) };
        let stored: VersionedRow = from_row(row.clone())?;
        let has_factor = stored.factor.get("secretSealed").is_some();
        Ok((stored.version, has_factor.then(|| from_row(row)).transpose()?))
    }

    fn recovery_code(&self) -> String {
        let mut bytes = [0; RECOVERY_BYTES];
        self.random.fill(&mut bytes);
        let text = totp::encode(&bytes).to_lowercase();
        text.as_bytes().chunks(4).map(|four| String::from_utf8_lossy(four)).collect::<Vec<_>>().join("-")
    }

    /// The blind index of a recovery code, without regard to case, spaces and hyphens.
    fn recovery_mac(&self, account: AccountId, code: &str) -> String {
        let code: String = code.chars().filter(char::is_ascii_alphanumeric).take(64).collect();
        self.keys.index("recovery", &format!("{account}:{}", code.to_lowercase()))
    }
}

fn wrong_code() -> AccountError {
    AccountError::field("code", "second-factor-wrong")
}

pub(super) fn factor_key(account: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(account), "SECOND-FACTOR")
}

/// A first row where none is, else the next version: of two at once one is refused.
fn replace(account: AccountId, version: i64, factor: &FactorRow) -> Result<Change, AccountError> {
    let change = Change::put(factor_key(account), to_row(factor)?);
    Ok(if version == 0 { change.if_absent() } else { change.if_version(version) })
}

/// The change that deletes the factor. It increments the version, so that a concurrent change conflicts.
pub(super) fn delete(account: AccountId) -> Change {
    let change = Change::update(factor_key(account)).add("version", 1);
    ["secretSealed", "confirmed", "used", "recovery"].into_iter().fold(change, Change::remove)
}
