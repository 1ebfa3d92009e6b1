//! The actor of a request: its account, its session and the roles it has.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// The id of an account in tables, tokens and audit entries: a ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub Ulid);

/// The id of a session, one signed-in device of an account: a ULID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub Ulid);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for AccountId {
    type Err = ulid::DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ulid::from_str(text).map(Self)
    }
}

impl FromStr for SessionId {
    type Err = ulid::DecodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ulid::from_str(text).map(Self)
    }
}

/// A role of an account. Every account is a `User`; staff roles are granted by an admin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// A user of the service.
    User,
    /// A photo studio with a verified business: batches, priority inspection.
    Studio,
    /// Reviews photos.
    Reviewer,
    /// Handles refunds, coupons and invoices.
    Finance,
    /// Writes news.
    Editor,
    /// An examination office.
    ExamOffice,
    /// A school.
    School,
    /// Verifies people at a service hall.
    Clerk,
    /// Grants roles and administers accounts.
    Admin,
    /// Reads everything and changes nothing.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 10] = [
        Self::User,
        Self::Studio,
        Self::Reviewer,
        Self::Finance,
        Self::Editor,
        Self::ExamOffice,
        Self::School,
        Self::Clerk,
        Self::Admin,
        Self::Auditor,
    ];

    /// Whether it is a staff role. Staff see other people's data, so they sign in with a second factor.
    pub fn is_staff(self) -> bool {
        !matches!(self, Self::User | Self::Studio)
    }
}

/// Whether one account must not have all of `roles`: an auditor has no other staff role, because staff do not audit
/// themselves.
pub fn roles_clash(roles: &BTreeSet<Role>) -> bool {
    roles.contains(&Role::Auditor) && roles.iter().any(|role| role.is_staff() && *role != Role::Auditor)
}

/// What a session can be used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything the roles allow.
    #[default]
    Full,
    /// Only binding a phone: an account imported from the old system that has not proven one.
    BindPhone,
    /// Only setting up or answering the second factor.
    SecondFactor,
}

/// The authenticated sender of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account: AccountId,
    /// The session it signed in with.
    pub session: SessionId,
    /// The account's roles when the access token was issued.
    pub roles: BTreeSet<Role>,
    /// What the session can be used for.
    pub scope: Scope,
}

impl Actor {
    /// Whether the actor has `role`, in a session with full scope.
    pub fn has(&self, role: Role) -> bool {
        self.scope == Scope::Full && self.roles.contains(&role)
    }
}
