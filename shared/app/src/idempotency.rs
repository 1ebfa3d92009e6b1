//! Idempotent commands: a command that is sent several times has one effect and one response (XX-08).
//!
//! The record of a command is written in the commit that has the effect, so one never exists without the other. A key
//! that is sent again with another request is refused. A request that was refused before it had an effect leaves no
//! record.

use aws_lc_rs::digest::{SHA256, digest};
use data_encoding::HEXLOWER;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;
use crate::random::Random;
use crate::store::{Change, Key, Store, TTL, Table, Token, from_row, to_row};

/// How long a record is kept. Payment providers repeat a callback for up to 25 hours; clients repeat a request for
/// less.
pub const RETENTION: SignedDuration = SignedDuration::from_hours(48);

/// A command of one account, identified by the idempotency key that the client chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    account: String,
    operation: &'static str,
    key: String,
    /// SHA-256 of the request, in hex.
    request: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Record {
    request: String,
    #[serde(rename = "answer")]
    response: serde_json::Value,
    expires_at: Timestamp,
}

impl Command {
    /// The command `operation` of `account` with the idempotency key `key`. `request` holds everything that must be
    /// equal in a repetition.
    ///
    /// # Errors
    ///
    /// `Internal` if `request` cannot be written as JSON.
    pub fn new(
        account: impl std::fmt::Display,
        operation: &'static str,
        key: &str,
        request: &impl Serialize,
    ) -> Result<Self, Failure> {
        let text = serde_json::to_vec(request).map_err(Failure::internal)?;
        let request = HEXLOWER.encode(digest(&SHA256, &text).as_ref());
        Ok(Self { account: account.to_string(), operation, key: key.to_owned(), request })
    }

    fn row(&self) -> Key {
        Key::new(Table::Ephemeral, format!("COMMAND#{}#{}", self.account, self.operation), self.key.clone())
    }

    /// The response of the first execution; `None` if the command was not executed within [`RETENTION`].
    ///
    /// # Errors
    ///
    /// - `KeyReused` if the key was used with another request.
    /// - `Unavailable` or `Internal` from the store, or if the response is not a `T`.
    pub async fn response<T: DeserializeOwned>(&self, store: &dyn Store, now: Timestamp) -> Result<Option<T>, Failure> {
        let Some(row) = store.get(&self.row()).await? else { return Ok(None) };
        let record: Record = from_row(row)?;
        if record.expires_at <= now {
            return Ok(None);
        }
        if record.request != self.request {
            return Err(Failure::KeyReused);
        }
        serde_json::from_value(record.response).map(Some).map_err(Failure::internal)
    }

    /// The change that records `response`. Write it in the same commit as the effect: it conflicts with the record of a
    /// concurrent duplicate, and replaces an expired one.
    ///
    /// # Errors
    ///
    /// `Internal` if `response` cannot be written as JSON.
    pub fn record(&self, response: &impl Serialize, now: Timestamp) -> Result<Change, Failure> {
        let expires_at = now + RETENTION;
        let response = serde_json::to_value(response).map_err(Failure::internal)?;
        let mut row = to_row(&Record { request: self.request.clone(), response, expires_at })?;
        row.insert(TTL.to_owned(), expires_at.as_second().into());
        Ok(Change::put(self.row(), row).if_absent_or_expired(now))
    }

    /// Records `response` in a commit of its own, for a command that had nothing else to write. Succeeds if a
    /// concurrent duplicate wrote its record first.
    ///
    /// # Errors
    ///
    /// `KeyReused` if the key was used with another request meanwhile; `Unavailable` or `Internal` from the store.
    pub async fn store_response(
        &self,
        store: &dyn Store,
        random: &dyn Random,
        response: &impl Serialize,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let token = Token::from(random.ulid(now));
        match store.commit(&token, vec![self.record(response, now)?]).await.map_err(Failure::from) {
            Err(Failure::Raced) => self.response::<serde_json::Value>(store, now).await.map(|_| ()),
            stored => stored,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::SeededRandom;
    use crate::store::{MemoryStore, StoreError};

    async fn record(store: &MemoryStore, command: &Command, response: &str, at: Timestamp) -> Result<(), StoreError> {
        let token = Token::new(response).unwrap();
        store.commit(&token, vec![command.record(&response, at).unwrap()]).await
    }

    fn command(account: &str, operation: &'static str, key: &str, request: &str) -> Command {
        Command::new(account, operation, key, &request).unwrap()
    }

    /// Covers: I17
    #[tokio::test]
    async fn response_is_found_only_by_the_same_account_operation_key_and_request() {
        let (store, now) = (MemoryStore::new(), Timestamp::UNIX_EPOCH);
        let pay = command("ada", "pay", "key", "1");
        record(&store, &pay, "paid", now).await.unwrap();
        assert_eq!(pay.response(&store, now).await, Ok(Some("paid".to_owned())));
        assert_eq!(command("ada", "pay", "key", "2").response::<String>(&store, now).await, Err(Failure::KeyReused));
        for other in
            [command("bob", "pay", "key", "1"), command("ada", "cancel", "key", "1"), command("ada", "pay", "k", "1")]
        {
            assert_eq!(other.response::<String>(&store, now).await, Ok(None), "{other:?}");
        }
    }

    /// Covers: I17
    #[tokio::test]
    async fn store_response_records_a_command_that_wrote_nothing_else() {
        let (store, random) = (MemoryStore::new(), SeededRandom::new(1));
        let (pay, now) = (command("ada", "pay", "key", "1"), Timestamp::UNIX_EPOCH);
        for _ in 0..2 {
            pay.store_response(&store, &random, &"done", now).await.unwrap();
        }
        assert_eq!(pay.response(&store, now).await, Ok(Some("done".to_owned())));
    }

    /// The store deletes an expired row at some later time, perhaps after days.
    ///
    /// Covers: I17, XX-08
    #[tokio::test]
    async fn record_expires_after_48_hours_even_if_its_row_is_not_deleted() {
        let (store, made) = (MemoryStore::new(), "2024-01-15T05:36:56.789Z".parse::<Timestamp>().unwrap());
        let (pay, other) = (command("ada", "pay", "key", "1"), command("ada", "pay", "key", "2"));
        record(&store, &pay, "first", made).await.unwrap();
        let end = made + SignedDuration::from_hours(48);
        let last = end - SignedDuration::from_nanos(1);
        assert_eq!(pay.response(&store, last).await, Ok(Some("first".to_owned())));
        let second_before = end - SignedDuration::from_secs(1);
        assert!(record(&store, &pay, "duplicate", second_before).await.unwrap_err().is_conflict());
        for command in [&pay, &other] {
            assert_eq!(command.response::<String>(&store, end).await, Ok(None), "{command:?}");
        }
        record(&store, &other, "second", end).await.unwrap();
        assert_eq!(other.response(&store, end).await, Ok(Some("second".to_owned())));
        assert!(record(&store, &other, "third", end).await.unwrap_err().is_conflict(), "the new record is valid");
    }
}
