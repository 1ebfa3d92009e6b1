//! 基本信息: the profile of an account, with personal values masked.

use std::collections::BTreeSet;

use domain::account::{Kind, Nickname};
use domain::actor::{AccountId, Actor, Role};
use jiff::Timestamp;

use super::rows::{AccountRow, account_key};
use super::{AccountError, Accounts};
use crate::failure::Failure;
use crate::store::{Change, from_row};

/// An account as its owner and staff see it. Personal values are masked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The account.
    pub id: AccountId,
    /// 用户类型
    pub kind: Kind,
    /// 登录账户
    pub user_name: String,
    /// 昵称
    pub nickname: Option<String>,
    /// 联系电话: `138****8469`.
    pub phone_masked: Option<String>,
    /// 电子邮箱: `zha***@example.cn`.
    pub email_masked: Option<String>,
    /// 角色
    pub roles: BTreeSet<Role>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it will be closed, if its owner requested that.
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
    /// The actor's profile.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when the account does not exist.
    pub async fn profile(&self, actor: &Actor) -> Result<Profile, AccountError> {
        Ok(Profile::from(&self.account(actor.account).await?))
    }

    /// 修改昵称: changes the nickname and returns the profile. Of concurrent changes, the last one remains.
    ///
    /// # Errors
    /// [`AccountError::Fields`] for a malformed nickname.
    pub async fn rename(&self, actor: &Actor, nickname: &str) -> Result<Profile, AccountError> {
        let nickname = Nickname::parse(nickname).map_err(|bad| AccountError::field("nickname", bad.0))?;
        let change = Change::update(account_key(actor.account)).set("nickname", nickname.as_str()).if_exists();
        Ok(Profile::from(&from_row::<AccountRow>(self.store.apply(change).await?)?))
    }

    pub(super) async fn account(&self, id: AccountId) -> Result<AccountRow, AccountError> {
        let row = self.store.get(&account_key(id)).await?.ok_or(Failure::NotFound)?;
        Ok(from_row(row)?)
    }
}
