//! Letters and short messages on their way out.
//!
//! A use case writes a message into the outbox in the commit that makes it necessary; the relay delivers it. Receiver and
//! values are sealed until then: neither a table nor a stream shows a phone number or a code.

mod deliver;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

pub use deliver::{Delivered, SendFailure, ShortMessages, Text, deliver};

use crate::accounts::{Failure, SealingKey, sealing};
use crate::store::{Change, Key, Row, TTL, Table, from_row, to_row};

/// A message that was not delivered by then is of no use to anybody.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What is to be said, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Message {
    /// A code for `purpose`, to an E.164 number.
    Code { phone: String, purpose: String, code: String },
    /// Something about the account was changed: `change` is a stable name.
    Notice { phone: String, change: String },
    /// Nothing at all: an unknown number costs the same writes as a known one.
    Silence,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    topic: String,
    sealed: String,
    expires_at: Timestamp,
    ttl: i64,
}

/// The row's topic: what the relay looks at before it opens anything.
pub const TOPIC: &str = "message";

/// Puts `message` into the outbox, to be part of a commit.
pub fn post(key: &SealingKey, id: Ulid, message: &Message, now: Timestamp) -> Result<Change, Failure> {
    let text = serde_json::to_string(message).map_err(|error| Failure::Broken(error.to_string()))?;
    let expires_at = now + KEPT;
    let envelope = Envelope {
        topic: TOPIC.to_owned(),
        sealed: sealing::seal(key, &place(&id.to_string()), &text)?,
        expires_at,
        ttl: expires_at.as_second(),
    };
    debug_assert_eq!(TTL, "ttl");
    Ok(Change::put(row_key(&id.to_string()), to_row(&envelope)?).if_absent())
}

/// The message of an outbox row; none when the row is not a message, or too old to be sent.
pub fn open(key: &SealingKey, row: Row, now: Timestamp) -> Result<Option<Message>, Failure> {
    if row.get("topic").and_then(|topic| topic.as_str()) != Some(TOPIC) {
        return Ok(None);
    }
    let id = row.get("sk").and_then(|sk| sk.as_str()).unwrap_or_default().to_owned();
    let envelope: Envelope = from_row(row)?;
    if now >= envelope.expires_at {
        return Ok(None);
    }
    let text = sealing::open(key, &place(&id), &envelope.sealed)?;
    serde_json::from_str(&text).map(Some).map_err(|error| Failure::Broken(error.to_string()))
}

fn row_key(id: &str) -> Key {
    Key::new(Table::Outbox, format!("MESSAGE#{id}"), id)
}

fn place(id: &str) -> String {
    format!("outbox/{id}")
}
