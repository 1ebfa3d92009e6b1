//! Keys and rows of the accounts table. No other module formats them.

use std::collections::BTreeSet;

use domain::account::session::{FIRST_STEP_LIFETIME, Lifetime, STAFF_LIFETIME, Session, USER_LIFETIME};
use domain::account::{Kind, Nickname, UserName, email_link};
use domain::actor::{AccountId, Actor, Role, Scope, SessionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::old_hash::OldHash;
use crate::store::{Change, Key, MalformedRow, Table, to_row};

/// The partition of an account's rows; sessions have a partition of their own.
pub(super) fn account_partition(id: AccountId) -> String {
    format!("ACCOUNT#{id}")
}

pub(super) fn account_key(id: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(id), "ACCOUNT")
}

/// The reservation of a user name, see [`Reservation`].
pub(super) fn name_key(name: &UserName) -> Key {
    Key::new(Table::Accounts, format!("NAME#{}", name.unique()), "NAME")
}

/// The reservation of a phone, by its blind index, see [`Reservation`].
pub(super) fn phone_key(index: &str) -> Key {
    Key::new(Table::Accounts, format!("PHONE#{index}"), "PHONE")
}

/// The address book.
pub(super) fn addresses_key(account: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(account), "ADDRESSES")
}

pub(super) fn sessions_partition(account: AccountId) -> String {
    format!("SESSIONS#{account}")
}

pub(super) fn session_key(account: AccountId, session: SessionId) -> Key {
    Key::new(Table::Accounts, sessions_partition(account), session.to_string())
}

/// The account's wrapped data key.
pub(super) fn data_key_row_key(account: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(account), "DATA-KEY")
}

/// A public key that verifies access tokens.
pub(super) fn public_key_row_key(kid: &str) -> Key {
    Key::new(Table::Accounts, "KEYS", kid)
}

/// The newest link of an account, as it is stored.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct EmailLink {
    /// The hash of the secret in the link.
    pub hash: String,
    pub state: email_link::State,
    /// The address to bind, sealed.
    pub sealed: String,
    /// The address as it is shown.
    pub masked: String,
    pub expires_at: Timestamp,
}

/// A unique name or phone and the account that has it. A released one stays as a row without an account, because rows
/// of this table are never deleted.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Reservation {
    #[serde(default)]
    pub account: Option<AccountId>,
}

/// Reserves `key` for `account`; conflicts when another account has it.
pub(super) fn reserve(key: Key, account: AccountId) -> Result<Change, MalformedRow> {
    Ok(Change::put(key, to_row(&Reservation { account: Some(account) })?).if_missing("account"))
}

/// Releases `key`; conflicts when it is not reserved for `account`.
pub(super) fn release(key: Key, account: AccountId, now: Timestamp) -> Change {
    let change = Change::update(key).remove("account").set("releasedAt", now.to_string());
    change.if_equals("account", account.to_string())
}

/// The consent to the terms of use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// The version of the terms, e.g. `2024-02`.
    pub version: String,
    /// When the person agreed.
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
    /// See `field_encryption`.
    #[serde(default)]
    pub phone_sealed: Option<String>,
    /// The blind index of the phone, which is released when the account closes.
    #[serde(default)]
    pub phone_index: Option<String>,
    #[serde(default)]
    pub email_masked: Option<String>,
    #[serde(default)]
    pub email_sealed: Option<String>,
    /// The newest link that was sent to bind an e-mail address.
    #[serde(default)]
    pub email_link: Option<EmailLink>,
    #[serde(default)]
    pub password_hash: Option<String>,
    /// For an imported account that has not signed in since: `password_hash` is a hash of this old hash.
    #[serde(default)]
    pub old_hash: Option<OldHash>,
    /// Imported from the old system, which had no proven phones.
    #[serde(default)]
    pub imported: bool,
    pub roles: BTreeSet<Role>,
    pub consent: Consent,
    pub created_at: Timestamp,
    /// When the account will be closed, if its owner requested that.
    #[serde(default)]
    pub closes_at: Option<Timestamp>,
    #[serde(default)]
    pub closed_at: Option<Timestamp>,
}

impl AccountRow {
    pub fn is_staff(&self) -> bool {
        self.roles.iter().any(|role| role.is_staff())
    }

    /// The scope of a new session after the first step of the sign-in.
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

/// A device in the list of sessions.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Device {
    /// The name that the client gives, or its user agent; at most 120 characters.
    pub name: String,
    /// The network address.
    pub address: String,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct SessionRow {
    #[serde(flatten)]
    pub session: Session,
    /// Part of the MAC of every refresh token of this session: the signing key alone cannot forge one.
    pub salt: String,
    pub staff: bool,
    #[serde(default)]
    pub scope: Scope,
    pub device: Device,
    pub ttl: i64,
}

impl SessionRow {
    pub fn lifetime(&self) -> Lifetime {
        lifetime(self.staff, self.scope)
    }
}

pub(super) fn lifetime(staff: bool, scope: Scope) -> Lifetime {
    match (staff, scope) {
        (_, Scope::SecondFactor) => FIRST_STEP_LIFETIME,
        (true, _) => STAFF_LIFETIME,
        (false, _) => USER_LIFETIME,
    }
}
