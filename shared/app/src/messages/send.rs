//! Sending a queued message through its provider, and not twice.

use std::fmt;

use async_trait::async_trait;
use jiff::Timestamp;

use super::{EmailMessage, Message, MessageError, unseal};
use crate::sealing::SealingKey;
use crate::store::{Change, Key, Row, Store, TTL, Table};

/// How long a sent message is remembered, seconds. The stream repeats a record for 24 hours at most.
const REMEMBERED_S: i64 = 2 * 86_400;

/// The content of an SMS. The provider has the texts as templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SmsText<'a> {
    /// A one-time code.
    Code {
        /// What the code is for, e.g. `sign-in`.
        purpose: &'a str,
        /// Six digits.
        code: &'a str,
    },
    /// A change of the account.
    Notice {
        /// The change, e.g. `password-changed`.
        change: &'a str,
    },
}

/// Why a provider did not take a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Not taken, or the answer was lost: the same message can be sent again.
    #[error("not sent: {0}")]
    Temporary(String),
    /// It will never be taken: e.g. a wrong template or a blocked number.
    #[error("refused: {0}")]
    Permanent(String),
}

/// The port to the SMS provider.
#[async_trait]
pub trait SmsSender: Send + Sync {
    /// Sends `text` to the E.164 number `phone`. `id` identifies the message in the provider's records.
    ///
    /// # Errors
    /// [`SendError::Temporary`] when the message can be sent again, [`SendError::Permanent`] when it never will be
    /// taken.
    async fn send(&self, id: &str, phone: &str, text: SmsText<'_>) -> Result<(), SendError>;
}

/// The port to the e-mail provider.
#[async_trait]
pub trait EmailSender: Send + Sync {
    /// Hands `email` to the provider. `id` identifies the message in the provider's records, so that a repetition can be
    /// recognised.
    ///
    /// # Errors
    /// [`SendError::Temporary`] when the message can be sent again, [`SendError::Permanent`] when it never will be taken.
    async fn send(&self, id: &str, email: &EmailMessage) -> Result<(), SendError>;
}

/// The configured providers. Messages for a provider that is not configured (`None`) fail with
/// [`SendError::Temporary`]; the other provider's messages are sent.
#[derive(Clone, Copy)]
pub struct MessageSenders<'a> {
    /// The SMS provider.
    pub sms: Option<&'a dyn SmsSender>,
    /// The e-mail provider.
    pub email: Option<&'a dyn EmailSender>,
}

impl fmt::Debug for MessageSenders<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MessageSenders")
    }
}

impl MessageSenders<'_> {
    async fn send(&self, id: &str, message: &Message) -> Result<(), SendError> {
        let not_configured = || SendError::Temporary("the provider is not configured".to_owned());
        match message {
            Message::Code { phone, purpose, code } => {
                self.sms.ok_or_else(not_configured)?.send(id, phone, SmsText::Code { purpose, code }).await
            }
            Message::Notice { phone, change } => {
                self.sms.ok_or_else(not_configured)?.send(id, phone, SmsText::Notice { change }).await
            }
            Message::Email(email) => self.email.ok_or_else(not_configured)?.send(id, email).await,
            Message::NoOp => Ok(()),
        }
    }
}

/// What became of a queued message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The provider took it.
    Sent,
    /// Nothing to do: sent before, a no-op, not a message, or older than 24 hours.
    Skipped,
    /// The provider refused it permanently, with this cause.
    Abandoned(String),
}

/// Sends the message of the outbox row `row`, unless it was sent before.
///
/// A message is sent twice only if the process ends between the provider's answer and the store's.
///
/// # Errors
/// [`MessageError::NotSent`] and [`MessageError::Store`]: deliver the row again. [`MessageError::Malformed`]: the row
/// cannot be read.
pub async fn deliver(
    store: &dyn Store,
    key: &SealingKey,
    senders: MessageSenders<'_>,
    row: Row,
    now: Timestamp,
) -> Result<Delivery, MessageError> {
    let id = row.get("sk").and_then(|sk| sk.as_str()).unwrap_or_default().to_owned();
    let message = match unseal(key, row, now)? {
        Some(Message::NoOp) | None => return Ok(Delivery::Skipped),
        Some(message) => message,
    };
    let sent = Key::new(Table::Ephemeral, format!("SENT#{id}"), "SENT");
    if store.get(&sent).await?.is_some() {
        return Ok(Delivery::Skipped);
    }
    match senders.send(&id, &message).await {
        Ok(()) => {
            let at = Change::update(sent).set("at", now.to_string()).set(TTL, now.as_second() + REMEMBERED_S);
            store.apply(at).await?;
            Ok(Delivery::Sent)
        }
        Err(SendError::Permanent(cause)) => Ok(Delivery::Abandoned(cause)),
        Err(SendError::Temporary(cause)) => Err(MessageError::NotSent(cause)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::SignedDuration;
    use ulid::Ulid;

    use super::*;
    use crate::messages::{EMAIL_TOPIC, EmailMessage, SMS_TOPIC, enqueue};
    use crate::store::{MemoryStore, Token};

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    /// A provider of both kinds. It fails with the given errors first, and records what it takes after that.
    struct FakeSender {
        errors: Mutex<Vec<SendError>>,
        taken: Mutex<Vec<String>>,
    }

    impl FakeSender {
        fn failing(errors: Vec<SendError>) -> Self {
            Self { errors: Mutex::new(errors), taken: Mutex::default() }
        }

        fn senders(&self) -> MessageSenders<'_> {
            MessageSenders { sms: Some(self), email: Some(self) }
        }

        fn take(&self, text: String) -> Result<(), SendError> {
            match self.errors.lock().unwrap().pop() {
                Some(error) => Err(error),
                None => {
                    self.taken.lock().unwrap().push(text);
                    Ok(())
                }
            }
        }

        fn taken(&self) -> Vec<String> {
            self.taken.lock().unwrap().clone()
        }
    }

    #[async_trait]
    impl SmsSender for FakeSender {
        async fn send(&self, _: &str, phone: &str, text: SmsText<'_>) -> Result<(), SendError> {
            self.take(format!("{phone} {text:?}"))
        }
    }

    #[async_trait]
    impl EmailSender for FakeSender {
        async fn send(&self, _: &str, email: &EmailMessage) -> Result<(), SendError> {
            self.take(format!("{} {}", email.to, email.text))
        }
    }

    async fn queued(message: &Message) -> (MemoryStore, SealingKey, Row) {
        let (store, key) = (MemoryStore::new(), SealingKey::for_messages(&"m".repeat(64)).unwrap());
        let change = enqueue(&key, Ulid(7), message, NOW).unwrap();
        store.commit(&Token::from(Ulid(8)), vec![change]).await.unwrap();
        let row = store.dump().into_values().next().unwrap();
        (store, key, row)
    }

    fn code() -> Message {
        Message::Code { phone: "+8613810548469".into(), purpose: "sign-in".into(), code: "280811".into() }
    }

    fn email() -> EmailMessage {
        EmailMessage { to: "zhang@example.cn".into(), subject: "绑定邮箱".into(), text: "https://a/b#c".into() }
    }

    /// Covers: IC-13
    #[tokio::test]
    async fn repeated_row_is_sent_once_and_failed_row_is_sent_when_repeated() {
        let (store, key, row) = queued(&code()).await;
        let sender = FakeSender::failing(vec![SendError::Temporary("busy".into())]);
        let first = deliver(&store, &key, sender.senders(), row.clone(), NOW).await;
        assert_eq!(first, Err(MessageError::NotSent("busy".into())));
        assert_eq!(deliver(&store, &key, sender.senders(), row.clone(), NOW).await, Ok(Delivery::Sent));
        assert_eq!(deliver(&store, &key, sender.senders(), row, NOW).await, Ok(Delivery::Skipped));
        let taken = sender.taken();
        assert_eq!(taken.len(), 1);
        assert!(taken[0].starts_with("+8613810548469") && taken[0].contains("280811"));
    }

    #[tokio::test]
    async fn no_op_expired_and_refused_messages_are_not_sent() {
        let sender = FakeSender::failing(vec![SendError::Permanent("blocked".into())]);
        let (store, key, row) = queued(&Message::NoOp).await;
        assert_eq!(deliver(&store, &key, sender.senders(), row, NOW).await, Ok(Delivery::Skipped));
        let (store, key, row) = queued(&code()).await;
        let late = NOW + SignedDuration::from_hours(24);
        assert_eq!(deliver(&store, &key, sender.senders(), row.clone(), late).await, Ok(Delivery::Skipped));
        assert_eq!(deliver(&store, &key, sender.senders(), row, NOW).await, Ok(Delivery::Abandoned("blocked".into())));
        assert!(sender.taken().is_empty());
    }

    /// Covers: UA-38
    #[tokio::test]
    async fn email_has_its_own_topic_and_is_sealed_in_the_outbox() {
        let (store, key, row) = queued(&Message::Email(email())).await;
        assert_eq!(row["topic"], EMAIL_TOPIC);
        let stored = serde_json::to_string(&row).unwrap();
        assert!(!stored.contains("zhang") && !stored.contains("https") && !stored.contains("绑定"));
        let (_, _, code) = queued(&code()).await;
        let (_, _, no_op) = queued(&Message::NoOp).await;
        assert_eq!((&code["topic"], &no_op["topic"]), (&SMS_TOPIC.into(), &SMS_TOPIC.into()));

        let sender = FakeSender::failing(vec![SendError::Temporary("421".into())]);
        let first = deliver(&store, &key, sender.senders(), row.clone(), NOW).await;
        assert_eq!(first, Err(MessageError::NotSent("421".into())));
        assert_eq!(deliver(&store, &key, sender.senders(), row.clone(), NOW).await, Ok(Delivery::Sent));
        assert_eq!(deliver(&store, &key, sender.senders(), row, NOW).await, Ok(Delivery::Skipped));
        assert_eq!(sender.taken(), ["zhang@example.cn https://a/b#c"]);
        assert!(!format!("{:?}", Message::Email(email())).contains("zhang"));
    }

    /// Covers: UA-38
    #[tokio::test]
    async fn missing_email_provider_keeps_e_mails_queued_and_sends_sms() {
        let sender = FakeSender::failing(vec![]);
        let without_email = MessageSenders { email: None, ..sender.senders() };
        let (store, key, row) = queued(&Message::Email(email())).await;
        let answer = deliver(&store, &key, without_email, row, NOW).await;
        assert!(matches!(answer, Err(MessageError::NotSent(_))), "{answer:?}");
        let (store, key, row) = queued(&code()).await;
        assert_eq!(deliver(&store, &key, without_email, row, NOW).await, Ok(Delivery::Sent));
    }
}
