//! Keys and rows of the accounts table. Nothing else formats them.

use std::collections::BTreeSet;

use domain::account::session::{Life, STAFF_LIFE, STEP_LIFE, Session, USER_LIFE};
use domain::account::{Kind, Nickname, UserName};
use domain::actor::{AccountId, Actor, Role, Scope, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::bind_email::EmailLink;
use super::old_hash::OldHash;
use crate::store::{Change, Key, MalformedRow, Table, to_row};

/// Everything that is one account's, but for its sessions.
pub(super) fn account_partition(id: AccountId) -> String {
    format!("ACCOUNT#{id}")
}

pub(super) fn account_key(id: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(id), "ACCOUNT")
}

/// Keeps a user name for one account.
pub(super) fn name_key(name: &UserName) -> Key {
    Key::new(Table::Accounts, format!("NAME#{}", name.unique()), "NAME")
}

/// Keeps a phone, by its blind index, for one account.
pub(super) fn phone_key(index: &str) -> Key {
    Key::new(Table::Accounts, format!("PHONE#{index}"), "PHONE")
}

/// A person's addresses, all of them.
pub(super) fn addresses_key(account: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(account), "ADDRESSES")
}

pub(super) fn sessions_partition(account: AccountId) -> String {
    format!("SESSIONS#{account}")
}

pub(super) fn session_key(account: AccountId, session: SessionId) -> Key {
    Key::new(Table::Accounts, sessions_partition(account), session.to_string())
}

pub(super) fn public_key_key(kid: &str) -> Key {
    Key::new(Table::Accounts, "KEYS", kid)
}

/// A name or phone and whose it is. A released one stays as a row without an account: nothing is deleted here.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Claim {
    #[serde(default)]
    pub account: Option<AccountId>,
}

/// Takes `key` for `account`, unless it is somebody's.
pub(super) fn claim(key: Key, account: AccountId) -> Result<Change, MalformedRow> {
    Ok(Change::put(key, to_row(&Claim { account: Some(account) })?).if_missing("account"))
}

/// Gives `key` back, if it is `account`'s.
pub(super) fn release(key: Key, account: AccountId, now: Timestamp) -> Change {
    let change = Change::update(key).remove("account").set("releasedAt", now.to_string());
    change.if_equals("account", account.to_string())
}

/// Which text somebody agreed to, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    pub version: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AccountRow {
    pub version: i64,
    pub id: AccountId,
    pub kind: Kind,
    pub user_name: UserName,
    #[serde(default)]
    pub nickname: Option<Nickname>,
    #[serde(default)]
    pub phone_masked: Option<String>,
    /// See `sealing`.
    #[serde(default)]
    pub phone_sealed: Option<String>,
    /// By which the phone is found, and given back when the account closes.
    #[serde(default)]
    pub phone_index: Option<String>,
    #[serde(default)]
    pub email_masked: Option<String>,
    #[serde(default)]
    pub email_sealed: Option<String>,
    /// The newest link that was mailed.
    #[serde(default)]
    pub email_link: Option<EmailLink>,
    #[serde(default)]
    pub password_hash: Option<String>,
    /// The password's hash is one of this: nobody has signed in since the import.
    #[serde(default)]
    pub old_hash: Option<OldHash>,
    /// Came from the old system, which knew no proven phone.
    #[serde(default)]
    pub imported: bool,
    pub roles: BTreeSet<Role>,
    pub consent: Consent,
    pub created_at: Timestamp,
    /// The owner wants it closed then.
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
}

impl AccountRow {
    pub fn is_staff(&self) -> bool {
        self.roles.iter().any(|role| role.is_staff())
    }

    /// What a sign-in is good for before anything else has been proven.
    pub fn first_scope(&self) -> Scope {
        if self.is_staff() {
            Scope::SecondFactor
        } else if self.imported && self.phone_sealed.is_none() {
            Scope::BindPhone
        } else {
            Scope::Full
        }
    }

    pub fn actor(&self, session: SessionId, scope: Scope) -> Actor {
        Actor { account: self.id, session, roles: self.roles.clone(), scope }
    }
}

/// What a session shows in the list of devices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// As the client names itself, cut to size.
    pub name: String,
    pub address: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionRow {
    #[serde(flatten)]
    pub session: Session,
    /// Enters every token of the row: the key alone does not make one.
    pub salt: String,
    pub staff: bool,
    #[serde(default)]
    pub scope: Scope,
    pub device: Device,
    pub ttl: i64,
}

impl SessionRow {
    pub fn life(&self) -> Life {
        life(self.staff, self.scope)
    }
}

pub(super) fn life(staff: bool, scope: Scope) -> Life {
    match (staff, scope) {
        (_, Scope::SecondFactor) => STEP_LIFE,
        (true, _) => STAFF_LIFE,
        (false, _) => USER_LIFE,
    }
}
