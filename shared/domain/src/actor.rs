//! Who acts: the account behind a request, the session it signed in with and the roles it holds.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ulid::Ulid;

/// The one name of an account everywhere: in tables, tokens and audit lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AccountId(pub Ulid);

/// One signed-in device of an account.
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

/// What a person may be besides a user of the service. Every account is a `User`; staff roles are granted, never chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    User,
    /// A photo studio with a verified business: batches, priority inspection.
    Studio,
    Reviewer,
    Finance,
    Editor,
    ExamOffice,
    School,
    /// Staff at a service hall who verify people on the spot.
    Clerk,
    Admin,
    /// Reads everything, changes nothing.
    Auditor,
}

impl Role {
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

    /// Staff see other people's data, so they sign in with a second factor.
    pub fn is_staff(self) -> bool {
        !matches!(self, Self::User | Self::Studio)
    }
}

/// Whether one person may not hold all of `roles`: an auditor answers to nobody whose work is audited.
pub fn roles_clash(roles: &BTreeSet<Role>) -> bool {
    roles.contains(&Role::Auditor) && roles.iter().any(|role| role.is_staff() && *role != Role::Auditor)
}

/// What a session may be used for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Everything the roles allow.
    #[default]
    Full,
    /// Only binding a phone: an account from the old system before it has proven one.
    BindPhone,
    /// Only setting up or answering the second factor.
    SecondFactor,
}

/// The proven origin of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    pub account: AccountId,
    pub session: SessionId,
    pub roles: BTreeSet<Role>,
    pub scope: Scope,
}

impl Actor {
    /// Whether the actor holds `role`, in a session that may use it.
    pub fn has(&self, role: Role) -> bool {
        self.scope == Scope::Full && self.roles.contains(&role)
    }
}
