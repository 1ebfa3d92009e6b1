//! Who did what to money and identities, when and why: lines that are only ever added (IC-203).
//!
//! A use case puts its line into the commit that has the effect, so there is never one without the other. All lines about one
//! subject form a chain: each holds the hash of the one before it, so that a changed, missing or slipped-in line shows
//! ([`verify`], for all of some days [`check`]). No function's role may change or delete a line.
//!
//! ```text
//! let line = audit::line(&*money.store, &Deed { by: staff, what: "coupon-freeze", subject, why, facts }, now).await?;
//! money.commit(now, vec![row.replace(&changed)?, line]).await
//! ```
//! The line refuses the commit when another about the same subject was faster: try again, as after any lost race.

mod check;
mod line;
mod read;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use serde_json::{Map, Value};

pub use check::{Break, Report, check};
pub use line::Line;
pub use read::{Filter, PAGE_MAX, Page, read, verify};

use crate::failure::Failure;
use crate::random::Random;
use crate::store::{Change, Store, StoreError, Token, to_row};
use crate::tries::Tries;

/// Who answers for a deed, and in which request it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Doer {
    /// An account, or `operator/<name>` for a command that somebody ran by hand.
    pub by: String,
    pub request_id: String,
}

/// What a deed was done to, e.g. `account/01HQ…`: lines about the same one are a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject(String);

/// A reason that somebody gave: 1 to 200 letters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Why(String);

/// Something that was done. Nothing in it may be personal: no phone, no name, no number of an identity card.
#[derive(Debug, Clone)]
pub struct Deed<'a> {
    pub by: &'a Doer,
    /// A stable name, e.g. `coupon-freeze`.
    pub what: &'static str,
    pub subject: Subject,
    pub why: &'a Why,
    /// What changed: numbers and states, before and after.
    pub facts: Value,
}

impl Subject {
    pub fn account(id: impl fmt::Display) -> Self {
        Self::of("account", id)
    }

    /// For a deed to many at once, which a chain for each would not fit in one commit.
    pub fn work_of(doer: &Doer) -> Self {
        Self::of("work", &doer.by)
    }

    pub fn of(kind: &'static str, id: impl fmt::Display) -> Self {
        Self(format!("{kind}/{id}"))
    }

    /// A subject as an auditor types it.
    pub fn parse(text: &str) -> Option<Self> {
        let (kind, id) = text.split_once('/')?;
        let fits =
            |part: &str, most| !part.is_empty() && part.len() <= most && part.bytes().all(|b| b.is_ascii_graphic());
        (fits(kind, 32) && fits(id, 96)).then(|| Self(text.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Why {
    const CHARS_MAX: usize = 200;

    pub fn parse(text: &str) -> Result<Self, Failure> {
        let text = text.trim();
        match text.chars().count() {
            0 => Err(Failure::Invalid { field: "/why", code: "field-missing" }),
            1..=Self::CHARS_MAX => Ok(Self(text.to_owned())),
            _ => Err(Failure::Invalid { field: "/why", code: "field-invalid" }),
        }
    }

    /// For what the system does by its own rules.
    pub fn rule(text: &'static str) -> Self {
        Self(text.to_owned())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The line of a deed, to be part of the commit that does it.
pub async fn line(store: &dyn Store, deed: &Deed<'_>, now: Timestamp) -> Result<Change, StoreError> {
    let last = read::last(store, &deed.subject).await?;
    let line = Line::after(last.as_ref(), deed, now);
    let row = to_row(&line).map_err(|error| StoreError::Invalid(error.to_string()))?;
    Ok(Change::put(line.key(), row).if_absent())
}

/// Writes the line of a deed that changes nothing else: somebody looked at something.
pub async fn note(store: &dyn Store, random: &dyn Random, deed: &Deed<'_>, now: Timestamp) -> Result<(), Failure> {
    let mut tries = Tries::default();
    loop {
        let change = line(store, deed, now).await?;
        match store.commit(&Token::from(random.ulid(now)), vec![change]).await {
            Ok(()) => return Ok(()),
            Err(error) if error.is_conflict() => tries.again(random).await?,
            Err(error) => return Err(error.into()),
        }
    }
}

/// Facts of a deed that has none.
pub fn nothing() -> Value {
    Value::Object(Map::new())
}
