//! 采集单位: who took the photo in, as the receipt names it. A studio is registered by staff; everybody else's receipts name
//! the deployment's own unit.

use domain::actor::AccountId;
use serde::{Deserialize, Serialize};

use super::Receipts;
use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::failure::Failure;
use crate::photos::Photos;
use crate::store::{Change, Key, Table, Token, from_row, to_row};
use crate::tries::Tries;

const NAME_CHARS_MAX: usize = 30;
const PHONE_CHARS: std::ops::RangeInclusive<usize> = 5..=20;

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UnitRefused {
    #[error("a name has 1 to {NAME_CHARS_MAX} characters")]
    Name,
    #[error("a phone has 5 to 20 digits and hyphens")]
    Phone,
}

impl Unit {
    pub fn new(name: &str, phone: &str) -> Result<Self, UnitRefused> {
        let (name, phone) = (name.trim(), phone.trim());
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            return Err(UnitRefused::Name);
        }
        if !PHONE_CHARS.contains(&phone.len()) || !phone.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Err(UnitRefused::Phone);
        }
        Ok(Self { name: name.to_owned(), phone: phone.to_owned() })
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn phone(&self) -> &str {
        &self.phone
    }
}

impl TryFrom<Fields> for Unit {
    type Error = UnitRefused;

    fn try_from(fields: Fields) -> Result<Self, UnitRefused> {
        Self::new(&fields.name, &fields.phone)
    }
}

fn key(account: AccountId) -> Key {
    Key::new(Table::Photos, format!("UNIT#{account}"), "UNIT")
}

impl Receipts {
    pub(super) async fn unit_of(&self, account: AccountId) -> Result<Unit, Failure> {
        let row = self.photos.store.get(&key(account)).await?;
        Ok(row.map(from_row).transpose()?.unwrap_or_else(|| self.terms.unit.clone()))
    }

    /// From now on `account`'s receipts name this unit, those of earlier photos too.
    pub async fn register_unit(
        &self,
        account: AccountId,
        unit: &Unit,
        by: &AuditActor,
        why: &Reason,
    ) -> Result<(), Failure> {
        let Photos { store, clock, random, .. } = &self.photos;
        let mut tries = Tries::default();
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
                Err(Failure::Raced) => tries.again(&**random).await?,
                done => return done,
            }
        }
    }
}
