//! E-mails and SMS on their way out: the outbox.
//!
//! A use case writes a message into the outbox in the same commit as the change it reports; the relay sends it.
//! Receiver and text are sealed until then: neither the table nor its stream shows a phone number or a code.

mod email;
mod send;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ulid::Ulid;

pub use email::EmailMessage;
pub use send::{Delivery, EmailSender, MessageSenders, SendError, SmsSender, SmsText, deliver};

use crate::failure::Failure;
use crate::sealing::{self, SealingError, SealingKey};
use crate::store::{Change, Key, MalformedRow, Row, StoreError, TTL, Table, from_row, to_row};

/// A message older than this is not sent any more.
const LIFETIME: SignedDuration = SignedDuration::from_hours(24);

/// The topic of SMS and no-op messages. E-mails and SMS have separate topics so that neither delays the other: the
/// stream's event sources filter by this attribute of the row.
pub const SMS_TOPIC: &str = "sms";
/// The topic of e-mails.
pub const EMAIL_TOPIC: &str = "email";

/// A message to one receiver.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Message {
    /// An SMS with a one-time code.
    Code {
        /// E.164, e.g. `+8613800000000`.
        phone: String,
        /// What the code is for, e.g. `sign-in`; chooses the provider's template.
        purpose: String,
        /// Six digits.
        code: String,
    },
    /// An SMS that reports a change of the account.
    Notice {
        /// E.164.
        phone: String,
        /// The change, e.g. `password-changed`; chooses the provider's template.
        change: String,
    },
    /// An e-mail.
    Email(EmailMessage),
    /// Sends nothing. It makes a request about an unknown number cost the same writes as one about a known number.
    NoOp,
}

impl Message {
    /// The outbox topic. `NoOp` uses the SMS topic, because it takes the place of an SMS.
    const fn topic(&self) -> &'static str {
        match self {
            Self::Email(_) => EMAIL_TOPIC,
            Self::Code { .. } | Self::Notice { .. } | Self::NoOp => SMS_TOPIC,
        }
    }
}

/// Why a message was not queued, read or sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The provider did not take the message, or its answer was lost: deliver the row again.
    #[error("not sent: {0}")]
    NotSent(String),
    /// The message cannot be written or read: a fault of ours.
    #[error("malformed message: {0}")]
    Malformed(String),
}

impl From<SealingError> for MessageError {
    fn from(error: SealingError) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<MalformedRow> for MessageError {
    fn from(error: MalformedRow) -> Self {
        Self::Malformed(error.to_string())
    }
}

impl From<MessageError> for Failure {
    fn from(error: MessageError) -> Self {
        match error {
            MessageError::Store(error) => error.into(),
            MessageError::NotSent(_) => Self::Unavailable(error.to_string()),
            MessageError::Malformed(_) => Self::Internal(error.to_string()),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct OutboxRow {
    topic: String,
    sealed: String,
    expires_at: Timestamp,
    ttl: i64,
}

/// The change that puts `message` into the outbox under `id`. Write it in the commit that makes the message necessary.
///
/// # Errors
/// [`MessageError::Malformed`] when the message cannot be serialised or sealed.
pub fn enqueue(key: &SealingKey, id: Ulid, message: &Message, now: Timestamp) -> Result<Change, MessageError> {
    let text = serde_json::to_string(message).map_err(|error| MessageError::Malformed(error.to_string()))?;
    let expires_at = now + LIFETIME;
    let row = OutboxRow {
        topic: message.topic().to_owned(),
        sealed: sealing::seal(key, &place(&id.to_string()), &text)?,
        expires_at,
        ttl: expires_at.as_second(),
    };
    debug_assert_eq!(TTL, "ttl");
    Ok(Change::put(row_key(&id.to_string()), to_row(&row)?).if_absent())
}

/// The message of an outbox row; `None` when the row is not a message or is older than 24 hours.
///
/// # Errors
/// [`MessageError::Malformed`] when the row cannot be read or was sealed with another key.
pub fn unseal(key: &SealingKey, row: Row, now: Timestamp) -> Result<Option<Message>, MessageError> {
    if ![Some(SMS_TOPIC), Some(EMAIL_TOPIC)].contains(&row.get("topic").and_then(|topic| topic.as_str())) {
        return Ok(None);
    }
    let id = row.get("sk").and_then(|sk| sk.as_str()).unwrap_or_default().to_owned();
    let row: OutboxRow = from_row(row)?;
    if now >= row.expires_at {
        return Ok(None);
    }
    let text = sealing::open(key, &place(&id), &row.sealed)?;
    serde_json::from_str(&text).map(Some).map_err(|error| MessageError::Malformed(error.to_string()))
}

fn row_key(id: &str) -> Key {
    Key::new(Table::Outbox, format!("MESSAGE#{id}"), id)
}

fn place(id: &str) -> String {
    format!("outbox/{id}")
}
