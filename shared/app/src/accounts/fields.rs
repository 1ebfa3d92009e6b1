//! Personal values of an account at rest: sealed with a key of the account's own, which the key house (KMS) alone can open.
//!
//! A sealed value names its key and is bound to table, row, field and format: moved anywhere else it does not open. Who copies
//! the table has neither values nor keys; who destroys the account's key destroys its values, in every copy of the table.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::actor::AccountId;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::rows::account_partition;
use super::{Accounts, Failure, SealingKey, sealing};
use crate::random::Random;
use crate::store::{Change, Key, Store, Table, from_row, to_row};

/// Grows with what is sealed and how.
const FORMAT: &str = "v2";
/// Open keys that a process keeps, and for how long: a lost account's key is forgotten soon.
const CACHE_KEYS: usize = 256;
const CACHE_LIFE: Duration = Duration::from_secs(300);

/// Keeps the key that opens all others and never gives it out.
#[async_trait]
pub trait KeyHouse: Send + Sync {
    /// A new key for `account`, open and wrapped.
    async fn generate(&self, account: &str) -> Result<(SealingKey, String), KeyHouseFailure>;

    /// Opens a key that was wrapped for the same account.
    async fn unwrap(&self, account: &str, wrapped: &str) -> Result<SealingKey, KeyHouseFailure>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyHouseFailure {
    /// It does not answer, or not in time: the same request may be sent again.
    #[error("key house unavailable: {0}")]
    Unavailable(String),
    /// It refuses: the key is not one of its own, or was wrapped for another account.
    #[error("key house refuses: {0}")]
    Refused(String),
}

impl From<KeyHouseFailure> for Failure {
    fn from(failure: KeyHouseFailure) -> Self {
        match failure {
            KeyHouseFailure::Unavailable(cause) => Self::Store(crate::store::StoreError::Unavailable(cause)),
            KeyHouseFailure::Refused(_) => Self::Broken(failure.to_string()),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct KeyRow {
    id: String,
    wrapped: String,
}

struct Open {
    id: String,
    key: SealingKey,
    since: Instant,
}

/// The open keys of a process.
pub(super) struct Fields {
    house: Arc<dyn KeyHouse>,
    open: Mutex<BTreeMap<AccountId, Arc<Open>>>,
}

impl Fields {
    pub fn new(house: Arc<dyn KeyHouse>) -> Self {
        Self { house, open: Mutex::default() }
    }

    fn cached(&self, account: AccountId) -> Option<Arc<Open>> {
        let open = self.open.lock().expect("the cache's lock is never poisoned");
        open.get(&account).filter(|key| key.since.elapsed() < CACHE_LIFE).cloned()
    }

    fn keep(&self, account: AccountId, key: Open) -> Arc<Open> {
        let mut open = self.open.lock().expect("the cache's lock is never poisoned");
        if open.len() >= CACHE_KEYS {
            open.clear();
        }
        let key = Arc::new(key);
        open.insert(account, key.clone());
        key
    }

    async fn key(&self, store: &dyn Store, account: AccountId) -> Result<Option<Arc<Open>>, Failure> {
        if let Some(key) = self.cached(account) {
            return Ok(Some(key));
        }
        let Some(row) = store.get(&data_key_key(account)).await? else { return Ok(None) };
        let row: KeyRow = from_row(row)?;
        let key = self.house.unwrap(&account.to_string(), &row.wrapped).await?;
        Ok(Some(self.keep(account, Open { id: row.id, key, since: Instant::now() })))
    }

    /// A key for an account that has none, and the change that stores it.
    async fn new_key(&self, account: AccountId, id: Ulid) -> Result<(Open, Change), Failure> {
        let (key, wrapped) = self.house.generate(&account.to_string()).await?;
        let row = KeyRow { id: id.to_string(), wrapped };
        let change = Change::put(data_key_key(account), to_row(&row)?).if_absent();
        Ok((Open { id: row.id, key, since: Instant::now() }, change))
    }
}

impl Accounts {
    /// Closes `value` for one field of one account.
    pub(super) async fn seal(&self, account: AccountId, field: &str, value: &str) -> Result<String, Failure> {
        let open = match self.fields.key(&*self.store, account).await? {
            Some(open) => open,
            None => self.make_key(account).await?,
        };
        close(&open, account, field, value)
    }

    /// Closes the first value of an account that is about to be written; the key belongs into the same commit.
    pub(super) async fn seal_first(
        &self,
        account: AccountId,
        field: &str,
        value: &str,
    ) -> Result<(String, Change), Failure> {
        let (open, change) = self.fields.new_key(account, self.id(self.now())).await?;
        Ok((close(&open, account, field, value)?, change))
    }

    /// Of two made at once the first one stays.
    async fn make_key(&self, account: AccountId) -> Result<Arc<Open>, Failure> {
        let (open, change) = self.fields.new_key(account, self.id(self.now())).await?;
        match self.store.apply(change).await {
            Ok(_) => Ok(self.fields.keep(account, open)),
            Err(error) if error.is_conflict() => self.fields.key(&*self.store, account).await?.ok_or(Failure::Changed),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens what was sealed for the same field of the same account.
    pub(super) async fn unseal(&self, account: AccountId, field: &str, sealed: &str) -> Result<String, Failure> {
        let gone = || Failure::Broken(format!("the key of a sealed {field} is gone"));
        let (id, sealed) = sealed.split_once('.').ok_or_else(gone)?;
        let open = self.fields.key(&*self.store, account).await?.filter(|open| open.id == id).ok_or_else(gone)?;
        sealing::open(&open.key, &place(account, field, id), sealed)
    }
}

fn close(open: &Open, account: AccountId, field: &str, value: &str) -> Result<String, Failure> {
    Ok(format!("{}.{}", open.id, sealing::seal(&open.key, &place(account, field, &open.id), value)?))
}

/// What a sealed value is bound to.
fn place(account: AccountId, field: &str, key: &str) -> String {
    format!("{}|{}|{field}|{FORMAT}|{key}", Table::Accounts.name(), account_partition(account))
}

pub(super) fn data_key_key(account: AccountId) -> Key {
    Key::new(Table::Accounts, account_partition(account), "DATA-KEY")
}

/// Forgets the account's key for good: nothing sealed with it opens again.
pub(super) fn shred(account: AccountId) -> Change {
    Change::update(data_key_key(account)).remove("wrapped").set("id", "shredded")
}

/// A key house in memory, for tests: wraps as KMS does, with a key that ends with the process.
pub struct MemoryKeyHouse(SealingKey);

impl std::fmt::Debug for MemoryKeyHouse {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("MemoryKeyHouse")
    }
}

impl MemoryKeyHouse {
    pub fn new(random: &dyn Random) -> Self {
        let mut key = [0; 32];
        random.fill(&mut key);
        Self(SealingKey::from_bytes(key))
    }
}

#[async_trait]
impl KeyHouse for MemoryKeyHouse {
    async fn generate(&self, account: &str) -> Result<(SealingKey, String), KeyHouseFailure> {
        let mut key = [0; 32];
        crate::random::OsRandom.fill(&mut key);
        let text: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let wrapped =
            sealing::seal(&self.0, account, &text).map_err(|error| KeyHouseFailure::Refused(error.to_string()))?;
        Ok((SealingKey::from_bytes(key), wrapped))
    }

    async fn unwrap(&self, account: &str, wrapped: &str) -> Result<SealingKey, KeyHouseFailure> {
        let refused = |_| KeyHouseFailure::Refused("not one of its keys".to_owned());
        let text = sealing::open(&self.0, account, wrapped).map_err(refused)?;
        let mut key = [0; 32];
        for (at, byte) in key.iter_mut().enumerate() {
            let pair = text.get(2 * at..2 * at + 2).unwrap_or_default();
            *byte = u8::from_str_radix(pair, 16).map_err(|_| KeyHouseFailure::Refused("not a key".to_owned()))?;
        }
        Ok(SealingKey::from_bytes(key))
    }
}
