//! Letters and short messages on their way out.
//!
//! A use case writes a message into the outbox in the commit that makes it necessary; the relay delivers it. Receiver and
//! values are sealed until then: neither a table nor a stream shows a phone number or a code.

mod deliver;
mod letter;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

pub use deliver::{Delivered, Desks, SendFailure, ShortMessages, Text, deliver};
pub use letter::{Letter, Letters};

use crate::accounts::{Failure, SealingKey, sealing};
use crate::store::{Change, Key, Row, TTL, Table, from_row, to_row};

/// A message that was not delivered by then is of no use to anybody.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// What is to be said, and to whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Message {
    /// A code for `purpose`, to an E.164 number.
    Code {
        phone: String,
        purpose: String,
        code: String,
    },
    /// Something about the account was changed: `change` is a stable name.
    Notice {
        phone: String,
        change: String,
    },
    Mail(Letter),
    /// Nothing at all: an unknown number costs the same writes as a known one.
    Silence,
}

impl Message {
    /// Which of the two lines to the relay it takes. Silence waits with the short messages it stands for.
    const fn topic(&self) -> &'static str {
        match self {
            Self::Mail(_) => MAIL,
            Self::Code { .. } | Self::Notice { .. } | Self::Silence => SHORT,
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    topic: String,
    sealed: String,
    expires_at: Timestamp,
    ttl: i64,
}

/// The row's topic, which the stream is filtered by: letters never stand before a code in one line.
pub const SHORT: &str = "short-message";
pub const MAIL: &str = "mail";

/// Puts `message` into the outbox, to be part of a commit.
pub fn post(key: &SealingKey, id: Ulid, message: &Message, now: Timestamp) -> Result<Change, Failure> {
    let text = serde_json::to_string(message).map_err(|error| Failure::Broken(error.to_string()))?;
    let expires_at = now + KEPT;
    let envelope = Envelope {
        topic: message.topic().to_owned(),
        sealed: sealing::seal(key, &place(&id.to_string()), &text)?,
        expires_at,
        ttl: expires_at.as_second(),
    };
    debug_assert_eq!(TTL, "ttl");
    Ok(Change::put(row_key(&id.to_string()), to_row(&envelope)?).if_absent())
}

/// The message of an outbox row; none when the row is not a message, or too old to be sent.
pub fn open(key: &SealingKey, row: Row, now: Timestamp) -> Result<Option<Message>, Failure> {
    if ![Some(SHORT), Some(MAIL)].contains(&row.get("topic").and_then(|topic| topic.as_str())) {
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
