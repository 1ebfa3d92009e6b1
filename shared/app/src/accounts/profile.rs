//! 基本信息: what an account says about itself, masked.

use std::collections::BTreeSet;

use domain::account::{Kind, Nickname};
use domain::actor::{AccountId, Actor, Role};
use jiff::Timestamp;

use super::rows::{AccountRow, account_key};
use super::{Accounts, Failure, Fault};
use crate::store::{Change, from_row};

/// Personal values stand here masked; the full ones never leave the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub id: AccountId,
    pub kind: Kind,
    pub user_name: String,
    pub nickname: Option<String>,
    pub phone_masked: Option<String>,
    pub email_masked: Option<String>,
    pub roles: BTreeSet<Role>,
    pub created_at: Timestamp,
    /// The owner wants it closed then.
    pub closes_at: Option<Timestamp>,
}

impl From<&AccountRow> for Profile {
    fn from(row: &AccountRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            user_name: row.user_name.as_str().to_owned(),
            nickname: row.nickname.as_ref().map(|name| name.as_str().to_owned()),
            phone_masked: row.phone_masked.clone(),
            email_masked: row.email_masked.clone(),
            roles: row.roles.clone(),
            created_at: row.created_at,
            closes_at: row.closes_at,
        }
    }
}

impl Accounts {
    pub async fn profile(&self, actor: &Actor) -> Result<Profile, Failure> {
        Ok(Profile::from(&self.account(actor.account).await?))
    }

    /// 修改昵称
    pub async fn rename(&self, actor: &Actor, nickname: &str) -> Result<Profile, Failure> {
        let nickname =
            Nickname::parse(nickname).map_err(|bad| Failure::Fields(vec![Fault { field: "nickname", code: bad.0 }]))?;
        let change = Change::update(account_key(actor.account)).set("nickname", nickname.as_str()).if_exists();
        // Two renamings at once: the later one stands, nothing else depends on it.
        Ok(Profile::from(&from_row::<AccountRow>(self.store.apply(change).await?)?))
    }

    pub(super) async fn account(&self, id: AccountId) -> Result<AccountRow, Failure> {
        let row = self.store.get(&account_key(id)).await?.ok_or(Failure::NotFound)?;
        Ok(from_row(row)?)
    }
}
