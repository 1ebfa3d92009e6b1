//! Accounts of the old system: brought in once, with what they signed in with there (IC-189).

use std::collections::BTreeSet;

use domain::account::{Kind, Nickname, UserName};
use domain::actor::{AccountId, Role};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::json;

use super::old_hash::OldHash;
use super::rows::{AccountRow, Consent, account_key, claim, name_key};
use super::{Accounts, Failure, Fault};
use crate::audit::{self, Deed, Doer, Subject, Why};
use crate::store::{Change, StoreError, Token, to_row};

/// One account as the old system wrote it down. It brings no phone: who has one proves it here first.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OldAccount {
    pub user_name: String,
    #[serde(default)]
    pub nickname: Option<String>,
    #[serde(default)]
    pub kind: Kind,
    #[serde(flatten)]
    pub old: OldHash,
    /// In small hexadecimal digits.
    pub hash: String,
    pub registered_at: Timestamp,
}

impl Accounts {
    /// Brings one account in. A name that is taken is refused, so running an import again brings in only what is missing.
    pub async fn import(&self, by: &Doer, why: &Why, old: &OldAccount) -> Result<AccountId, Failure> {
        let now = self.now();
        let account = self.imported(old, now)?;
        let facts = json!({"scheme": old.old.scheme});
        let deed = Deed { by, what: "account-imported", subject: Subject::account(account.id), why, facts };
        let changes = vec![
            claim(name_key(&account.user_name), account.id)?,
            Change::put(account_key(account.id), to_row(&account)?).if_absent(),
            audit::line(&*self.store, &deed, now).await?,
        ];
        match self.store.commit(&Token::from(self.id(now)), changes).await {
            Err(error) if error.conflicts_at(0) => Err(Failure::NameTaken),
            Err(StoreError::Conflict { .. }) => Err(Failure::Changed),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(account.id),
        }
    }

    fn imported(&self, old: &OldAccount, now: Timestamp) -> Result<AccountRow, Failure> {
        let refused = |field, code| Failure::Fields(vec![Fault { field, code }]);
        let user_name = UserName::parse(&old.user_name).map_err(|bad| refused("userName", bad.0))?;
        let nickname = old.nickname.as_deref().map(Nickname::parse).transpose();
        let nickname = nickname.map_err(|bad| refused("nickname", bad.0))?;
        if !old.old.could_be(&old.hash) || old.registered_at > now {
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
