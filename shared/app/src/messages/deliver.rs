//! Handing a posted message to the provider, once as far as it can be known.

use async_trait::async_trait;
use jiff::Timestamp;

use super::{Letters, Message, open};
use crate::accounts::{Failure, SealingKey};
use crate::store::{Change, Key, Row, Store, TTL, Table};

/// How long a delivery is remembered: longer than the stream repeats itself.
const REMEMBERED_S: i64 = 2 * 86_400;

/// What is said in a short message; the provider holds the words as templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Text<'a> {
    Code { purpose: &'a str, code: &'a str },
    Notice { change: &'a str },
}

/// Why a provider did not take a message.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendFailure {
    /// Not taken, or nobody knows: the same message may be sent again.
    #[error("not sent: {0}")]
    Again(String),
    /// Never going to be taken: a wrong template, a blocked number.
    #[error("refused: {0}")]
    Refused(String),
}

#[async_trait]
pub trait ShortMessages: Send + Sync {
    /// Sends to an E.164 number. `id` names the message in the provider's records.
    async fn send(&self, id: &str, phone: &str, text: Text<'_>) -> Result<(), SendFailure>;
}

/// Who delivers. One that is not set up yet makes its messages come again; the other goes on.
#[derive(Clone, Copy)]
pub struct Desks<'a> {
    pub short_messages: Option<&'a dyn ShortMessages>,
    pub letters: Option<&'a dyn Letters>,
}

impl std::fmt::Debug for Desks<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Desks")
    }
}

impl Desks<'_> {
    async fn send(&self, id: &str, message: &Message) -> Result<(), SendFailure> {
        let not_set_up = || SendFailure::Again("the provider is not set up".to_owned());
        match message {
            Message::Code { phone, purpose, code } => {
                let desk = self.short_messages.ok_or_else(not_set_up)?;
                desk.send(id, phone, Text::Code { purpose, code }).await
            }
            Message::Notice { phone, change } => {
                let desk = self.short_messages.ok_or_else(not_set_up)?;
                desk.send(id, phone, Text::Notice { change }).await
            }
            Message::Mail(letter) => self.letters.ok_or_else(not_set_up)?.send(id, letter).await,
            Message::Silence => Ok(()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivered {
    Sent,
    /// Sent before, meant for nobody, or too old.
    Nothing,
    /// Given up for good, and why.
    Abandoned(String),
}

/// Delivers the message of an outbox row. A failure means: bring the row again.
pub async fn deliver(
    store: &dyn Store,
    key: &SealingKey,
    desks: Desks<'_>,
    row: Row,
    now: Timestamp,
) -> Result<Delivered, Failure> {
    let id = row.get("sk").and_then(|sk| sk.as_str()).unwrap_or_default().to_owned();
    let message = match open(key, row, now)? {
        Some(Message::Silence) | None => return Ok(Delivered::Nothing),
        Some(message) => message,
    };
    let mark = Key::new(Table::Guards, format!("SENT#{id}"), "SENT");
    if store.get(&mark).await?.is_some() {
        return Ok(Delivered::Nothing);
    }
    match desks.send(&id, &message).await {
        Ok(()) => {
            let at = Change::update(mark).set("at", now.to_string()).set(TTL, now.as_second() + REMEMBERED_S);
            store.apply(at).await?;
            Ok(Delivered::Sent)
        }
        Err(SendFailure::Refused(why)) => Ok(Delivered::Abandoned(why)),
        Err(SendFailure::Again(why)) => Err(Failure::Undelivered(why)),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use jiff::SignedDuration;
    use ulid::Ulid;

    use super::*;
    use crate::messages::{Letter, MAIL, SHORT, post};
    use crate::store::{MemoryStore, Token};

    /// A provider that fails as told and keeps what it took.
    struct Desk(Mutex<Vec<Result<(), SendFailure>>>, Mutex<Vec<String>>);

    #[async_trait]
    impl ShortMessages for Desk {
        async fn send(&self, _: &str, phone: &str, text: Text<'_>) -> Result<(), SendFailure> {
            let answer = self.0.lock().unwrap().pop().unwrap_or(Ok(()));
            if answer.is_ok() {
                self.1.lock().unwrap().push(format!("{phone} {text:?}"));
            }
            answer
        }
    }

    #[async_trait]
    impl Letters for Desk {
        async fn send(&self, _: &str, letter: &Letter) -> Result<(), SendFailure> {
            let answer = self.0.lock().unwrap().pop().unwrap_or(Ok(()));
            if answer.is_ok() {
                self.1.lock().unwrap().push(format!("{} {}", letter.to, letter.text));
            }
            answer
        }
    }

    impl Desk {
        fn failing(answers: Vec<SendFailure>) -> Self {
            Self(Mutex::new(answers.into_iter().map(Err).collect()), Mutex::default())
        }

        fn both(&self) -> Desks<'_> {
            Desks { short_messages: Some(self), letters: Some(self) }
        }
    }

    async fn posted(message: &Message) -> (MemoryStore, SealingKey, Row) {
        let (store, key) = (MemoryStore::new(), SealingKey::of_messages(&"m".repeat(64)).unwrap());
        let change = post(&key, Ulid(7), message, Timestamp::UNIX_EPOCH).unwrap();
        store.commit(&Token::from(Ulid(8)), vec![change]).await.unwrap();
        let row = store.dump().into_values().next().unwrap();
        (store, key, row)
    }

    fn code() -> Message {
        Message::Code { phone: "+8613810548469".into(), purpose: "sign-in".into(), code: "280811".into() }
    }

    fn letter() -> Letter {
        Letter { to: "zhang@example.cn".into(), subject: "绑定邮箱".into(), text: "https://a/b#c".into() }
    }

    /// Covers: IC-13
    #[tokio::test]
    async fn a_redelivered_row_is_sent_once_and_a_failed_one_again() {
        let (store, key, row) = posted(&code()).await;
        let desk = Desk::failing(vec![SendFailure::Again("busy".into())]);
        let now = Timestamp::UNIX_EPOCH;
        let first = deliver(&store, &key, desk.both(), row.clone(), now).await;
        assert_eq!(first, Err(Failure::Undelivered("busy".into())));
        assert_eq!(deliver(&store, &key, desk.both(), row.clone(), now).await, Ok(Delivered::Sent));
        assert_eq!(deliver(&store, &key, desk.both(), row, now).await, Ok(Delivered::Nothing));
        let sent = desk.1.into_inner().unwrap();
        assert_eq!(sent.len(), 1);
        assert!(sent[0].starts_with("+8613810548469") && sent[0].contains("280811"));
    }

    #[tokio::test]
    async fn silence_old_rows_and_refusals_send_nothing() {
        let desk = Desk::failing(vec![SendFailure::Refused("blocked".into())]);
        let now = Timestamp::UNIX_EPOCH;
        let (store, key, row) = posted(&Message::Silence).await;
        assert_eq!(deliver(&store, &key, desk.both(), row, now).await, Ok(Delivered::Nothing));
        let (store, key, row) = posted(&code()).await;
        let late = now + SignedDuration::from_hours(24);
        assert_eq!(deliver(&store, &key, desk.both(), row.clone(), late).await, Ok(Delivered::Nothing));
        assert_eq!(deliver(&store, &key, desk.both(), row, now).await, Ok(Delivered::Abandoned("blocked".into())));
        assert!(desk.1.into_inner().unwrap().is_empty());
    }

    /// Covers: UA-38
    #[tokio::test]
    async fn a_letter_takes_a_line_of_its_own_and_shows_nothing_on_the_way() {
        let (store, key, row) = posted(&Message::Mail(letter())).await;
        assert_eq!(row["topic"], MAIL);
        let written = serde_json::to_string(&row).unwrap();
        assert!(!written.contains("zhang") && !written.contains("https") && !written.contains("绑定"));
        let (_, _, code) = posted(&code()).await;
        let (_, _, silence) = posted(&Message::Silence).await;
        assert_eq!((&code["topic"], &silence["topic"]), (&SHORT.into(), &SHORT.into()));

        let desk = Desk::failing(vec![SendFailure::Again("421".into())]);
        let now = Timestamp::UNIX_EPOCH;
        let first = deliver(&store, &key, desk.both(), row.clone(), now).await;
        assert_eq!(first, Err(Failure::Undelivered("421".into())));
        assert_eq!(deliver(&store, &key, desk.both(), row.clone(), now).await, Ok(Delivered::Sent));
        assert_eq!(deliver(&store, &key, desk.both(), row, now).await, Ok(Delivered::Nothing));
        assert_eq!(desk.1.into_inner().unwrap(), ["zhang@example.cn https://a/b#c"]);
        assert!(!format!("{:?}", Message::Mail(letter())).contains("zhang"));
    }

    /// Covers: UA-38
    #[tokio::test]
    async fn a_provider_that_is_not_set_up_keeps_only_its_own_messages_waiting() {
        let desk = Desk::failing(vec![]);
        let half = Desks { letters: None, ..desk.both() };
        let now = Timestamp::UNIX_EPOCH;
        let (store, key, row) = posted(&Message::Mail(letter())).await;
        assert!(matches!(deliver(&store, &key, half, row, now).await, Err(Failure::Undelivered(_))));
        let (store, key, row) = posted(&code()).await;
        assert_eq!(deliver(&store, &key, half, row, now).await, Ok(Delivered::Sent));
    }
}
