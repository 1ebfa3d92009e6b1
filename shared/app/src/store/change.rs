//! Changes to rows, and the conditions under which they are written.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value;

use super::{Key, Row, StoreError};

/// The most changes in one commit: DynamoDB's limit of `TransactWriteItems`.
pub const MAX_CHANGES: usize = 100;

/// Identifies one commit, so that repeating it has no second effect (`ClientRequestToken` of DynamoDB).
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Token(String);

impl Token {
    /// A token of 1 to 36 characters.
    ///
    /// # Errors
    ///
    /// `Invalid` if it has another length.
    pub fn new(token: impl Into<String>) -> Result<Self, StoreError> {
        let token = token.into();
        if token.is_empty() || token.len() > 36 {
            return Err(StoreError::Invalid(format!("token of {} characters", token.len())));
        }
        Ok(Self(token))
    }

    /// The token as it is sent to the store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<ulid::Ulid> for Token {
    fn from(id: ulid::Ulid) -> Self {
        Self(id.to_string())
    }
}

/// A change to one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The row.
    pub key: Key,
    /// What is done to it.
    pub action: Action,
    /// The change is written only if all of these hold for the row as it is before the commit.
    pub conditions: Vec<Condition>,
}

/// What a change does to its row.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Replaces the whole row.
    Put(Row),
    /// Changes some attributes; creates the row if it does not exist.
    Update {
        /// Attributes that get a new value; null removes the attribute.
        set: Row,
        /// Numbers that are added to attributes. An attribute that does not exist counts as zero.
        add: Vec<(String, i64)>,
        /// Attributes that are removed.
        remove: Vec<String>,
    },
    /// Deletes the row; succeeds if it does not exist.
    Delete,
    /// Writes nothing and only checks the conditions.
    Check,
}

/// A condition on one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// The row does not exist.
    Absent,
    /// The row exists.
    Exists,
    /// The attribute exists and has this value.
    Equals(String, Value),
    /// The attribute does not exist, or the row does not.
    Missing(String),
    /// The attribute is a number and at least this.
    AtLeast(String, i64),
    /// The attribute is a number and at most this.
    AtMost(String, i64),
    /// The row does not exist, or its [`TTL`](super::TTL) is at or before this second since 1970: the store will delete
    /// it.
    AbsentOrExpired(i64),
}

impl Change {
    /// Replaces the whole row by `row`.
    pub fn put(key: Key, row: Row) -> Self {
        Self::of(key, Action::Put(row))
    }

    /// Changes some attributes: add them with [`Self::set`], [`Self::add`] and [`Self::remove`].
    pub fn update(key: Key) -> Self {
        Self::of(key, Action::Update { set: Row::new(), add: Vec::new(), remove: Vec::new() })
    }

    /// Deletes the row.
    pub fn delete(key: Key) -> Self {
        Self::of(key, Action::Delete)
    }

    /// Checks conditions and writes nothing.
    pub fn check(key: Key) -> Self {
        Self::of(key, Action::Check)
    }

    const fn of(key: Key, action: Action) -> Self {
        Self { key, action, conditions: Vec::new() }
    }

    /// Sets `attribute` to `value`. Ignored unless this is an update.
    #[must_use]
    pub fn set(mut self, attribute: &str, value: impl Into<Value>) -> Self {
        if let Action::Update { set, .. } = &mut self.action {
            set.insert(attribute.to_owned(), value.into());
        }
        self
    }

    /// Adds `amount` to the number in `attribute`. Ignored unless this is an update.
    #[must_use]
    pub fn add(mut self, attribute: &str, amount: i64) -> Self {
        if let Action::Update { add, .. } = &mut self.action {
            add.push((attribute.to_owned(), amount));
        }
        self
    }

    /// Removes `attribute`. Ignored unless this is an update.
    #[must_use]
    pub fn remove(mut self, attribute: &str) -> Self {
        if let Action::Update { remove, .. } = &mut self.action {
            remove.push(attribute.to_owned());
        }
        self
    }

    /// Adds a condition.
    #[must_use]
    pub fn when(mut self, condition: Condition) -> Self {
        self.conditions.push(condition);
        self
    }

    /// Only if the row does not exist.
    #[must_use]
    pub fn if_absent(self) -> Self {
        self.when(Condition::Absent)
    }

    /// Only if the row does not exist or has expired at `now`. The store deletes expired rows late, perhaps after days.
    #[must_use]
    pub fn if_absent_or_expired(self, now: Timestamp) -> Self {
        self.when(Condition::AbsentOrExpired(now.as_second()))
    }

    /// Only if the row exists.
    #[must_use]
    pub fn if_exists(self) -> Self {
        self.when(Condition::Exists)
    }

    /// Only if the attribute `version` is this one. The change itself must write the next version.
    #[must_use]
    pub fn if_version(self, version: i64) -> Self {
        self.if_equals("version", version)
    }

    /// Only if `attribute` has this value.
    #[must_use]
    pub fn if_equals(self, attribute: &str, value: impl Into<Value>) -> Self {
        self.when(Condition::Equals(attribute.to_owned(), value.into()))
    }

    /// Only if the row has no such attribute.
    #[must_use]
    pub fn if_missing(self, attribute: &str) -> Self {
        self.when(Condition::Missing(attribute.to_owned()))
    }

    /// Only if `attribute` is a number and at least `least`.
    #[must_use]
    pub fn if_at_least(self, attribute: &str, least: i64) -> Self {
        self.when(Condition::AtLeast(attribute.to_owned(), least))
    }

    /// Only if `attribute` is a number and at most `most`.
    #[must_use]
    pub fn if_at_most(self, attribute: &str, most: i64) -> Self {
        self.when(Condition::AtMost(attribute.to_owned(), most))
    }
}

/// Checks the changes of one commit. Every adapter calls it before it writes.
///
/// # Errors
///
/// `Invalid` if there are no changes or more than [`MAX_CHANGES`], if two of them have the same key, if an update changes nothing,
/// one attribute twice or the key, or if a check has no condition.
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
    let invalid = |problem: &str| Err(StoreError::Invalid(format!("{problem} for {}", change.key)));
    match &change.action {
        Action::Update { set, add, remove } => {
            let names: Vec<&String> = set.keys().chain(add.iter().map(|(name, _)| name)).chain(remove).collect();
            if names.is_empty() {
                return invalid("an update without an attribute");
            }
            if names.iter().collect::<BTreeSet<_>>().len() < names.len() {
                return invalid("an update that names one attribute twice");
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
