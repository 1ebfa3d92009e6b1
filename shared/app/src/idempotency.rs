//! One command, sent any number of times, has one effect and one answer (XX-08).
//!
//! The record is written in the commit that has the effect, so there is never one without the other. Sending the key again with
//! another request is refused, and a request that was refused before it had an effect leaves no record.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::books::MoneyContext;
use crate::failure::Failure;
use crate::store::{Change, Key, Store, TTL, Table, from_row, to_row};

/// Providers repeat themselves for 25 hours; people for less.
pub const KEPT: SignedDuration = SignedDuration::from_hours(48);

/// Whose command it is, what it asks for, and the name the client gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    account: String,
    operation: &'static str,
    key: String,
    request: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    request: String,
    answer: serde_json::Value,
    expires_at: Timestamp,
}

impl Command {
    /// `request` is everything that makes it this command and no other.
    pub fn new(account: &str, operation: &'static str, key: &str, request: &impl Serialize) -> Result<Self, Failure> {
        let text = serde_json::to_vec(request).map_err(Failure::internal)?;
        let request = HEXLOWER.encode(digest(&SHA256, &text).as_ref());
        Ok(Self { account: account.to_owned(), operation, key: key.to_owned(), request })
    }

    fn row(&self) -> Key {
        Key::new(Table::Guards, format!("COMMAND#{}#{}", self.account, self.operation), self.key.clone())
    }

    /// The answer of the first time, if there was one.
    pub async fn answer<T: DeserializeOwned>(&self, store: &dyn Store, now: Timestamp) -> Result<Option<T>, Failure> {
        let Some(row) = store.get(&self.row()).await? else { return Ok(None) };
        let record: Record = from_row(row)?;
        if record.expires_at <= now {
            return Ok(None);
        }
        if record.request != self.request {
            return Err(Failure::KeyReused);
        }
        serde_json::from_value(record.answer).map(Some).map_err(Failure::internal)
    }

    /// Belongs into the commit that has the effect. It collides with the record of a twin that was faster, and takes the place of one
    /// that has expired.
    pub fn record(&self, answer: &impl Serialize, now: Timestamp) -> Result<Change, Failure> {
        let expires_at = now + KEPT;
        let answer = serde_json::to_value(answer).map_err(Failure::internal)?;
        let mut row = to_row(&Record { request: self.request.clone(), answer, expires_at })?;
        row.insert(TTL.to_owned(), expires_at.as_second().into());
        Ok(Change::put(self.row(), row).if_absent_by(now))
    }

    /// Writes the record alone, where nothing else was left to do. A twin that was faster has written the same.
    pub async fn keep(&self, money: &MoneyContext, answer: &impl Serialize, now: Timestamp) -> Result<(), Failure> {
        match money.commit(now, vec![self.record(answer, now)?]).await {
            Err(Failure::Raced) => self.answer::<serde_json::Value>(&*money.store, now).await.map(|_| ()),
            kept => kept,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{MemoryStore, StoreError, Token};

    async fn record(store: &MemoryStore, command: &Command, answer: &str, at: Timestamp) -> Result<(), StoreError> {
        let token = Token::new(answer).unwrap();
        store.commit(&token, vec![command.record(&answer, at).unwrap()]).await
    }

    fn command(account: &str, operation: &'static str, key: &str, request: &str) -> Command {
        Command::new(account, operation, key, &request).unwrap()
    }

    /// Covers: I17
    #[tokio::test]
    async fn a_record_answers_its_own_command_alone() {
        let (store, now) = (MemoryStore::new(), Timestamp::UNIX_EPOCH);
        let pay = command("ada", "pay", "key", "1");
        record(&store, &pay, "paid", now).await.unwrap();
        assert_eq!(pay.answer(&store, now).await, Ok(Some("paid".to_owned())));
        assert_eq!(command("ada", "pay", "key", "2").answer::<String>(&store, now).await, Err(Failure::KeyReused));
        for other in
            [command("bob", "pay", "key", "1"), command("ada", "cancel", "key", "1"), command("ada", "pay", "k", "1")]
        {
            assert_eq!(other.answer::<String>(&store, now).await, Ok(None), "{other:?}");
        }
    }

    /// Covers: I17
    #[tokio::test]
    async fn where_nothing_else_was_left_to_do_the_answer_is_kept_all_the_same() {
        let money = crate::payments::tests::house::House::new().payments.money;
        let (pay, now) = (command("ada", "pay", "key", "1"), Timestamp::UNIX_EPOCH);
        for _ in 0..2 {
            pay.keep(&money, &"done", now).await.unwrap();
        }
        assert_eq!(pay.answer(&*money.store, now).await, Ok(Some("done".to_owned())));
    }

    /// The store deletes what has expired when it likes, days later perhaps.
    ///
    /// Covers: I17, XX-08
    #[tokio::test]
    async fn a_record_holds_for_48_hours_and_not_until_it_is_deleted() {
        let (store, made) = (MemoryStore::new(), "2024-01-15T05:36:56.789Z".parse::<Timestamp>().unwrap());
        let (pay, other) = (command("ada", "pay", "key", "1"), command("ada", "pay", "key", "2"));
        record(&store, &pay, "first", made).await.unwrap();
        let end = made + SignedDuration::from_hours(48);
        let last = end - SignedDuration::from_nanos(1);
        assert_eq!(pay.answer(&store, last).await, Ok(Some("first".to_owned())));
        let second_before = end - SignedDuration::from_secs(1);
        assert!(record(&store, &pay, "twin", second_before).await.unwrap_err().is_conflict());
        for command in [&pay, &other] {
            assert_eq!(command.answer::<String>(&store, end).await, Ok(None), "{command:?}");
        }
        record(&store, &other, "second", end).await.unwrap();
        assert_eq!(other.answer(&store, end).await, Ok(Some("second".to_owned())));
        assert!(record(&store, &other, "third", end).await.unwrap_err().is_conflict(), "the new one holds");
    }
}
