//! 采集单位: the unit that took the photo, as the receipt names it. Staff register photo studios; the receipts of all other
//! accounts name the unit that the deployment configures.

use domain::actor::AccountId;
use serde::{Deserialize, Serialize};

use super::Receipts;
use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::photos::Photos;
use crate::store::{Change, Key, Table, Token, from_row, to_row};

const NAME_CHARS_MAX: usize = 30;
const PHONE_CHARS: std::ops::RangeInclusive<usize> = 5..=20;

/// 采集单位 with its telephone number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Fields")]
pub struct Unit {
    name: String,
    phone: String,
}

#[derive(Debug, Deserialize)]
struct Fields {
    name: String,
    phone: String,
}

/// Reason two texts are no unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUnit {
    /// The name is empty, too long or has control characters.
    #[error("a name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    /// The telephone number has another form.
    #[error("a phone has 5 to 20 digits and hyphens")]
    Phone,
}

impl Unit {
    /// The unit `name` with the telephone number `phone`; surrounding spaces are removed.
    ///
    /// # Errors
    ///
    /// `Name` unless the name has 1 to 30 characters; `Phone` unless the number has 5 to 20 digits and hyphens.
    pub fn new(name: &str, phone: &str) -> Result<Self, InvalidUnit> {
        let (name, phone) = (name.trim(), phone.trim());
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(InvalidUnit::Name);
        }
        if !PHONE_CHARS.contains(&phone.len()) || !phone.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Err(InvalidUnit::Phone);
        }
        Ok(Self { name: name.to_owned(), phone: phone.to_owned() })
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// 联系电话.
    pub fn phone(&self) -> &str {
        &self.phone
    }
}

impl TryFrom<Fields> for Unit {
    type Error = InvalidUnit;

    fn try_from(fields: Fields) -> Result<Self, InvalidUnit> {
        Self::new(&fields.name, &fields.phone)
    }
}

fn key(account: AccountId) -> Key {
    Key::new(Table::Photos, format!("UNIT#{account}"), "UNIT")
}

impl Receipts {
    pub(super) async fn unit_of(&self, account: AccountId) -> Result<Unit, Failure> {
        let row = self.photos.store.get(&key(account)).await?;
        Ok(row.map(from_row).transpose()?.unwrap_or_else(|| self.settings.unit.clone()))
    }

    /// Registers `unit` for `account`: all its receipts name the unit from now on, those of earlier photos too. The
    /// audit log gets an entry with `why`.
    ///
    /// # Errors
    ///
    /// `Unavailable` or `Internal` from the store.
    pub async fn register_unit(
        &self,
        account: AccountId,
        unit: &Unit,
        by: &AuditActor,
        why: &Reason,
    ) -> Result<(), Failure> {
        let Photos { store, clock, random, .. } = &self.photos;
        let mut backoff = Backoff::default();
        loop {
            let now = clock.now();
            let action = AuditAction {
                by,
                what: "unit-register",
                subject: Subject::account(account),
                why,
                facts: audit::no_facts(),
            };
            let changes = vec![Change::put(key(account), to_row(unit)?), audit::entry(&**store, &action, now).await?];
            match store.commit(&Token::from(random.ulid(now)), changes).await.map_err(Failure::from) {
                Err(Failure::Raced) => backoff.wait(&**random).await?,
                done => return done,
            }
        }
    }
}
