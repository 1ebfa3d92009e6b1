//! The audit log: who did what to money and identities, when and why (IC-203).
//!
//! A use case writes its entry in the same commit as the change, so neither exists without the other. The entries about
//! one subject form a chain: each holds the hash of the entry before it, so [`verify`] and [`check`] detect a changed,
//! missing or inserted entry. No role of a function allows deleting an entry; `PutItem` could still replace one, which
//! breaks the chain.
//!
//! ```text
//! let action = AuditAction { by: staff, what: "coupon-freeze", subject, why, facts };
//! let entry = audit::entry(&*money.store, &action, now).await?;
//! money.commit(now, vec![row.replace(&changed)?, entry]).await
//! ```
//! The commit conflicts when a concurrent action on the same subject wrote its entry first: run the use case again, as
//! after any lost race.

mod check;
mod entry;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

pub use check::{BrokenChain, Report, check};
pub use entry::AuditEntry;
pub use read::{Filter, PAGE_MAX, Page, read, verify};

use crate::backoff::Backoff;
use crate::failure::Failure;
use crate::random::Random;
use crate::store::{Change, Store, StoreError, Token, to_row};

/// Who did an action, and in which request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditActor {
    /// An account's id, `operator/<name>` for a command run by hand, or `system/<job>`.
    pub id: String,
    /// The request's id, as in the log.
    pub request_id: String,
}

/// What an action was done to: `<kind>/<id>`, e.g. `account/01HQ…`. Entries about one subject form a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

/// The reason given for an action: 1 to 200 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

/// An action to be recorded. It must hold no personal data: no phone, no name, no identity card number.
#[derive(Debug, Clone)]
pub struct AuditAction<'a> {
    /// Who does it.
    pub by: &'a AuditActor,
    /// A stable name, e.g. `coupon-freeze`.
    pub what: &'static str,
    /// What it is done to.
    pub subject: Subject,
    /// Why it is done.
    pub why: &'a Reason,
    /// What changes, as JSON: numbers and states, before and after.
    pub facts: Value,
}

impl Subject {
    /// The subject `account/<id>`.
    pub fn account(id: impl fmt::Display) -> Self {
        Self::new("account", id)
    }

    /// The subject `work/<actor>`: for one action on many accounts, whose chains would not fit into one commit.
    pub fn work_of(actor: &AuditActor) -> Self {
        Self::new("work", &actor.id)
    }

    /// The subject `<kind>/<id>`.
    pub fn new(kind: &'static str, id: impl fmt::Display) -> Self {
        Self(format!("{kind}/{id}"))
    }

    /// A subject as a client sends it; `None` unless kind (1 to 32) and id (1 to 96 bytes) are printable ASCII.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        let fits =
            |part: &str, most| !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_graphic());
        (fits(kind, 32) && fits(id, 96)).then(|| Self(text.to_owned()))
    }

    /// `<kind>/<id>`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Reason {
    const CHARS_MAX: usize = 200;

    /// A reason from a request, trimmed.
    ///
    /// # Errors
    /// [`Failure::Invalid`] for the field `/why`: `field-missing` when empty, `field-invalid` above 200 characters.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(Failure::Invalid { field: "/why", code: "field-missing" }),
            1..=Self::CHARS_MAX => Ok(Self(text.to_owned())),
            _ => Err(Failure::Invalid { field: "/why", code: "field-invalid" }),
        }
    }

    /// A fixed reason, for what the system does by its own rules.
    pub fn rule(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The change that writes the entry of `action`. Write it in the commit that does the action.
///
/// # Errors
/// Those of the store, and [`StoreError::Invalid`] when the last entry cannot be read.
pub async fn entry(store: &dyn Store, action: &AuditAction<'_>, now: Timestamp) -> Result<Change, StoreError> {
    let last = read::last(store, &action.subject).await?;
    let entry = AuditEntry::after(last.as_ref(), action, now);
    let row = to_row(&entry).map_err(|error| StoreError::Invalid(error.to_string()))?;
    Ok(Change::put(entry.key(), row).if_absent())
}

/// Writes the entry of an action that changes nothing else, e.g. that staff viewed an account.
///
/// # Errors
/// [`Failure::Unavailable`] when the store fails or other entries about the subject always win the race.
pub async fn record(
    store: &dyn Store,
    random: &dyn Random,
    action: &AuditAction<'_>,
    now: Timestamp,
) -> Result<(), Failure> {
    let mut backoff = Backoff::default();
    loop {
        let change = entry(store, action, now).await?;
        match store.commit(&Token::from(random.ulid(now)), vec![change]).await {
            Ok(()) => return Ok(()),
            Err(error) if error.is_conflict() => backoff.wait(random).await?,
            Err(error) => return Err(error.into()),
        }
    }
}

/// The facts of an action that has none: an empty JSON object.
pub fn no_facts() -> Value {
    Value::Object(Map::new())
}
