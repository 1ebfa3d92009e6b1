//! The import of accounts from the old system, with their names and password hashes (IC-189).

use std::collections::BTreeSet;

use domain::account::{Kind, Nickname, UserName};
use domain::actor::{AccountId, Role};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::old_hash::OldHash;
use super::rows::{AccountRow, Consent, account_key, name_key, reserve};
use super::{AccountError, Accounts};
use crate::audit::{self, AuditAction, AuditActor, Reason, Subject};
use crate::store::{Change, Token, to_row};

/// One account of the old system. It has no phone: its owner proves and binds one at the first sign-in.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OldAccount {
    /// 登录账户
    pub user_name: String,
    /// 昵称
    #[serde(default)]
    pub nickname: Option<String>,
    /// 用户类型
    #[serde(default)]
    pub kind: Kind,
    /// How the password was hashed: `scheme` and `salt`.
    #[serde(flatten)]
    pub old: OldHash,
    /// The password's hash, in lower-case hexadecimal.
    pub hash: String,
    /// When the account was registered in the old system.
    pub registered_at: Timestamp,
}

impl Accounts {
    /// Imports one account and returns its id. A taken name is refused, so running an import again adds only what is
    /// missing.
    ///
    /// # Errors
    /// [`AccountError::NameTaken`], [`AccountError::Fields`] for a malformed name, nickname or hash.
    pub async fn import(&self, by: &AuditActor, why: &Reason, old: &OldAccount) -> Result<AccountId, AccountError> {
        let now = self.now();
        let account = self.imported(old, now)?;
        let facts = json!({"scheme": old.old.scheme});
        let action = AuditAction { by, what: "account-imported", subject: Subject::account(account.id), why, facts };
        let changes = vec![
            reserve(name_key(&account.user_name), account.id)?,
            Change::put(account_key(account.id), to_row(&account)?).if_absent(),
            audit::entry(&*self.store, &action, now).await?,
        ];
        match self.store.commit(&Token::from(self.id(now)), changes).await {
            Err(error) if error.conflicts_at(0) => Err(AccountError::NameTaken),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(account.id),
        }
    }

    fn imported(&self, old: &OldAccount, now: Timestamp) -> Result<AccountRow, AccountError> {
        let refused = |field, code| AccountError::field(field, code);
        let user_name = UserName::parse(&old.user_name).map_err(|bad| refused("userName", bad.0))?;
        let nickname = old.nickname.as_deref().map(Nickname::parse).transpose();
        let nickname = nickname.map_err(|bad| refused("nickname", bad.0))?;
        if !old.old.has_valid_form(&old.hash) || old.registered_at > now {
            return Err(refused("hash", "field-invalid"));
        }
        Ok(AccountRow {
            version: 1,
            id: AccountId(self.id(now)),
            kind: old.kind,
            user_name,
            nickname,
            phone_masked: None,
            phone_sealed: None,
            phone_index: None,
            email_masked: None,
            email_sealed: None,
            email_link: None,
            password_hash: Some(self.passwords.hash_old(&old.hash, &*self.random)),
            old_hash: Some(old.old.clone()),
            imported: true,
            roles: BTreeSet::from([Role::User]),
            consent: Consent { version: "old-system".to_owned(), at: old.registered_at },
            created_at: old.registered_at,
            closes_at: None,
            closed_at: None,
        })
    }
}
