//! What a commit writes, and on which conditions.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::{Key, Row, StoreError};

/// DynamoDB's limit on one transaction.
pub const MAX_CHANGES: usize = 100;

/// Names one attempt to commit, so that repeating it is harmless. At most 36 characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(String);

impl Token {
    pub fn new(token: impl Into<String>) -> Result<Self, StoreError> {
        let token = token.into();
        if token.is_empty() || token.len() > 36 {
            return Err(StoreError::Invalid(format!("token of {} characters", token.len())));
        }
        Ok(Self(token))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ulid::Ulid> for Token {
    fn from(id: ulid::Ulid) -> Self {
        Self(id.to_string())
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub key: Key,
    pub action: Action,
    pub conditions: Vec<Condition>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Replaces the whole row.
    Put(Row),
    /// Changes some attributes and creates the row if it is not there. An absent number counts as zero.
    Update {
        set: Row,
        add: Vec<(String, i64)>,
        remove: Vec<String>,
    },
    Delete,
    /// Writes nothing; only its conditions count.
    Check,
}

/// All of a change's conditions must hold for the row as it is before the commit.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    Absent,
    Exists,
    /// The attribute is there and equal.
    Equals(String, Value),
    /// The attribute is not there.
    Missing(String),
    /// The attribute is there and a number not below this.
    AtLeast(String, i64),
    /// The attribute is there and a number not above this.
    AtMost(String, i64),
    /// There is no row, or what [`TTL`](super::TTL) says of it is not after this second: it waits to be deleted.
    AbsentBy(i64),
}

impl Change {
    pub fn put(key: Key, row: Row) -> Self {
        Self::of(key, Action::Put(row))
    }

    pub fn update(key: Key) -> Self {
        Self::of(key, Action::Update { set: Row::new(), add: Vec::new(), remove: Vec::new() })
    }

    pub fn delete(key: Key) -> Self {
        Self::of(key, Action::Delete)
    }

    pub fn check(key: Key) -> Self {
        Self::of(key, Action::Check)
    }

    const fn of(key: Key, action: Action) -> Self {
        Self { key, action, conditions: Vec::new() }
    }

    /// Only for an update.
    #[must_use]
    pub fn set(mut self, attribute: &str, value: impl Into<Value>) -> Self {
        if let Action::Update { set, .. } = &mut self.action {
            set.insert(attribute.to_owned(), value.into());
        }
        self
    }

    /// Only for an update.
    #[must_use]
    pub fn add(mut self, attribute: &str, amount: i64) -> Self {
        if let Action::Update { add, .. } = &mut self.action {
            add.push((attribute.to_owned(), amount));
        }
        self
    }

    /// Only for an update.
    #[must_use]
    pub fn remove(mut self, attribute: &str) -> Self {
        if let Action::Update { remove, .. } = &mut self.action {
            remove.push(attribute.to_owned());
        }
        self
    }

    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    #[must_use]
    pub fn if_absent(self) -> Self {
        self.when(Condition::Absent)
    }

    /// A row whose time is over counts as none: its deletion may be days away.
    #[must_use]
    pub fn if_absent_by(self, now: Timestamp) -> Self {
        self.when(Condition::AbsentBy(now.as_second()))
    }

    #[must_use]
    pub fn if_exists(self) -> Self {
        self.when(Condition::Exists)
    }

    /// The row's `version` is this one. The change itself must write the next.
    #[must_use]
    pub fn if_version(self, version: i64) -> Self {
        self.if_equals("version", version)
    }

    #[must_use]
    pub fn if_equals(self, attribute: &str, value: impl Into<Value>) -> Self {
        self.when(Condition::Equals(attribute.to_owned(), value.into()))
    }

    #[must_use]
    pub fn if_missing(self, attribute: &str) -> Self {
        self.when(Condition::Missing(attribute.to_owned()))
    }

    #[must_use]
    pub fn if_at_least(self, attribute: &str, least: i64) -> Self {
        self.when(Condition::AtLeast(attribute.to_owned(), least))
    }

    #[must_use]
    pub fn if_at_most(self, attribute: &str, most: i64) -> Self {
        self.when(Condition::AtMost(attribute.to_owned(), most))
    }
}

/// What every adapter checks before it writes.
pub fn validate(changes: &[Change]) -> Result<(), StoreError> {
    if changes.is_empty() || changes.len() > MAX_CHANGES {
        return Err(StoreError::Invalid(format!("{} changes in one commit", changes.len())));
    }
    let mut keys = BTreeSet::new();
    for change in changes {
        if !keys.insert(&change.key) {
            return Err(StoreError::Invalid(format!("two changes to {}", change.key)));
        }
        validate_one(change)?;
    }
    Ok(())
}

fn validate_one(change: &Change) -> Result<(), StoreError> {
    let invalid = |why: &str| Err(StoreError::Invalid(format!("{why} for {}", change.key)));
    match &change.action {
        Action::Update { set, add, remove } => {
            let names: Vec<&String> = set.keys().chain(add.iter().map(|(name, _)| name)).chain(remove).collect();
            if names.is_empty() {
                return invalid("an update of nothing");
            }
            if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
                return invalid("one attribute twice in an update");
            }
            if names.iter().any(|name| matches!(name.as_str(), "pk" | "sk")) {
                return invalid("an update of the key");
            }
            Ok(())
        }
        Action::Check if change.conditions.is_empty() => invalid("a check without a condition"),
        Action::Put(_) | Action::Delete | Action::Check => Ok(()),
    }
}
