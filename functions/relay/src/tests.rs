use std::sync::Mutex;

use app::messages::{EmailMessage, EmailSender, Message, MessageSenders, SendError, SmsSender, SmsText, enqueue};
use app::sealing::SealingKey;
use app::store::{MemoryStore, Row, Store, Token};
use async_trait::async_trait;
use cloud::outbox_event::OutboxEvent;
use jiff::Timestamp;
use serde_json::{Value, json};
use ulid::Ulid;

use super::{BatchFailed, deliver_batch};

const NOW: Timestamp = Timestamp::UNIX_EPOCH;

/// An SMS and e-mail provider that refuses the phone `down` and records everything else.
struct FakeProvider {
    down: Mutex<Option<String>>,
    sent: Mutex<Vec<String>>,
}

impl FakeProvider {
    fn refusing(phone: Option<&str>) -> Self {
        Self { down: Mutex::new(phone.map(str::to_owned)), sent: Mutex::default() }
    }

    fn senders(&self) -> MessageSenders<'_> {
        MessageSenders { sms: Some(self), email: Some(self) }
    }

    fn recover(&self) {
        *self.down.lock().unwrap() = None;
    }

    fn sent(&self) -> Vec<String> {
        self.sent.lock().unwrap().clone()
    }
}

#[async_trait]
impl SmsSender for FakeProvider {
    async fn send(&self, _: &str, phone: &str, _: SmsText<'_>) -> Result<(), SendError> {
        if self.down.lock().unwrap().as_deref() == Some(phone) {
            return Err(SendError::Temporary("busy".to_owned()));
        }
        self.sent.lock().unwrap().push(phone.to_owned());
        Ok(())
    }
}

#[async_trait]
impl EmailSender for FakeProvider {
    async fn send(&self, _: &str, email: &EmailMessage) -> Result<(), SendError> {
        self.sent.lock().unwrap().push(email.to.clone());
        Ok(())
    }
}

fn key() -> SealingKey {
    SealingKey::for_messages(&"m".repeat(64)).unwrap()
}

fn sms(phone: &str) -> Message {
    Message::Code { phone: phone.to_owned(), purpose: "sign-in".to_owned(), code: "280811".to_owned() }
}

/// The outbox's rows of these messages, in their order.
async fn rows(messages: &[Message]) -> Vec<Row> {
    let outbox = MemoryStore::new();
    for (n, message) in messages.iter().enumerate() {
        let id = Ulid(n as u128 + 1);
        outbox.commit(&Token::from(id), vec![enqueue(&key(), id, message, NOW).unwrap()]).await.unwrap();
    }
    outbox.dump().into_values().collect()
}

/// A batch of the stream with these rows; `None` is a row that cannot be read.
fn batch(rows: &[Option<&Row>]) -> OutboxEvent {
    let record = |(n, row): (usize, &Option<&Row>)| {
        let image = match row {
            Some(row) => Value::Object(row.iter().map(|(name, value)| (name.clone(), attribute(value))).collect()),
            None => Value::Null,
        };
        json!({"eventName": "INSERT", "dynamodb": {"SequenceNumber": n.to_string(), "NewImage": image}})
    };
    serde_json::from_value(json!({"Records": rows.iter().enumerate().map(record).collect::<Vec<_>>()})).unwrap()
}

/// An attribute in DynamoDB's JSON form.
fn attribute(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!({"N": number.to_string()}),
        other => json!({"S": other.as_str().unwrap()}),
    }
}

/// Covers: IC-13
#[tokio::test]
async fn batch_with_a_failed_message_sends_the_others_and_the_retry_sends_only_the_failed_one() {
    let (store, rows) = (MemoryStore::new(), rows(&[sms("+861"), sms("+862"), sms("+863")]).await);
    let provider = FakeProvider::refusing(Some("+862"));
    let event = || batch(&rows.iter().map(Some).collect::<Vec<_>>());
    let first = deliver_batch(&store, &key(), provider.senders(), event(), NOW).await;
    assert_eq!(first, Err(BatchFailed(1)));
    assert_eq!(provider.sent(), ["+861", "+863"]);
    provider.recover();
    assert_eq!(deliver_batch(&store, &key(), provider.senders(), event(), NOW).await, Ok(()));
    assert_eq!(provider.sent(), ["+861", "+863", "+862"]);
    assert_eq!(deliver_batch(&store, &key(), provider.senders(), event(), NOW).await, Ok(()));
    assert_eq!(provider.sent().len(), 3, "a repeated batch sends nothing again");
}

#[tokio::test]
async fn row_that_cannot_be_read_is_skipped_and_the_rest_of_the_batch_is_sent() {
    let (store, rows) = (MemoryStore::new(), rows(&[sms("+861"), Message::NoOp]).await);
    let provider = FakeProvider::refusing(None);
    let event = batch(&[None, Some(&rows[0]), Some(&rows[1])]);
    assert_eq!(deliver_batch(&store, &key(), provider.senders(), event, NOW).await, Ok(()));
    assert_eq!(provider.sent(), ["+861"]);
}

#[tokio::test]
async fn batch_without_a_configured_provider_fails_as_a_whole() {
    let (store, rows) = (MemoryStore::new(), rows(&[sms("+861"), sms("+862")]).await);
    let senders = MessageSenders { sms: None, email: None };
    let event = batch(&rows.iter().map(Some).collect::<Vec<_>>());
    assert_eq!(deliver_batch(&store, &key(), senders, event, NOW).await, Err(BatchFailed(2)));
}
