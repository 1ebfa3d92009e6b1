//! Personal fields of an account, encrypted at rest with the account's own data key.
//!
//! A sealed field is `<key id>.<sealed value>`, bound to table, row, field, format and key: copied anywhere else it
//! does not open. The wrapped data key is stored in the row `DATA-KEY` of the account; only the [`DataKeyProvider`]
//! (KMS) opens it. Destroying the wrapped key makes the account's fields unreadable; a restored backup of the table
//! brings it back.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use domain::actor::AccountId;
use serde::{Deserialize, Serialize};
use ulid::Ulid;

use super::rows::{account_partition, data_key_row_key};
use super::{AccountError, Accounts, DataKeyProvider};
use crate::failure::Failure;
use crate::sealing::{self, SealingKey};
use crate::store::{Change, Store, Table, from_row, to_row};

/// Changes with what is sealed and how.
const FORMAT: &str = "v2";
/// Opened keys in the cache of one process, at most.
const CACHED_KEYS_MAX: usize = 256;
/// How long an opened key stays in the cache. Destroying a stored key takes effect after this time at the latest.
const CACHE_LIFETIME: Duration = Duration::from_secs(300);

#[derive(Serialize, Deserialize)]
struct DataKeyRow {
    id: String,
    wrapped: String,
}

/// An opened data key.
struct DataKey {
    id: String,
    key: SealingKey,
    opened: Instant,
}

/// Opens data keys and caches them in the process.
pub(super) struct DataKeys {
    provider: Arc<dyn DataKeyProvider>,
    cache: Mutex<BTreeMap<AccountId, Arc<DataKey>>>,
}

impl fmt::Debug for DataKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DataKeys")
    }
}

impl DataKeys {
    pub fn new(provider: Arc<dyn DataKeyProvider>) -> Self {
        Self { provider, cache: Mutex::default() }
    }

    fn cached(&self, account: AccountId) -> Option<Arc<DataKey>> {
        let cache = self.cache.lock().expect("no holder of the cache's lock panics");
        cache.get(&account).filter(|key| key.opened.elapsed() < CACHE_LIFETIME).cloned()
    }

    fn cache(&self, account: AccountId, key: DataKey) -> Arc<DataKey> {
        let mut cache = self.cache.lock().expect("no holder of the cache's lock panics");
        if cache.len() >= CACHED_KEYS_MAX {
            cache.clear();
        }
        let key = Arc::new(key);
        cache.insert(account, key.clone());
        key
    }

    /// The account's key; `None` when it has none yet.
    async fn find(&self, store: &dyn Store, account: AccountId) -> Result<Option<Arc<DataKey>>, AccountError> {
        if let Some(key) = self.cached(account) {
            return Ok(Some(key));
        }
        let Some(row) = store.get(&data_key_row_key(account)).await? else { return Ok(None) };
        let row: DataKeyRow = from_row(row)?;
        let key = self.provider.unwrap(&account.to_string(), &row.wrapped).await?;
        Ok(Some(self.cache(account, DataKey { id: row.id, key, opened: Instant::now() })))
    }

    /// A key for an account that has none, and the change that stores it.
    async fn generate(&self, account: AccountId, id: Ulid) -> Result<(DataKey, Change), AccountError> {
        let (key, wrapped) = self.provider.generate(&account.to_string()).await?;
        let row = DataKeyRow { id: id.to_string(), wrapped };
        let change = Change::put(data_key_row_key(account), to_row(&row)?).if_absent();
        Ok((DataKey { id: row.id, key, opened: Instant::now() }, change))
    }
}

impl Accounts {
    /// Seals `value` for one field of one account. The account's first value makes its key.
    pub(super) async fn seal(&self, account: AccountId, field: &str, value: &str) -> Result<String, AccountError> {
        let key = match self.data_keys.find(&*self.store, account).await? {
            Some(key) => key,
            None => self.make_key(account).await?,
        };
        seal_with(&key, account, field, value)
    }

    /// Seals the first value of a new account. Write the returned change, which stores the key, in the same commit.
    pub(super) async fn seal_first(
        &self,
        account: AccountId,
        field: &str,
        value: &str,
    ) -> Result<(String, Change), AccountError> {
        let (key, change) = self.data_keys.generate(account, self.id(self.now())).await?;
        Ok((seal_with(&key, account, field, value)?, change))
    }

    /// Makes and stores the account's key. On a race, the first stored key wins.
    async fn make_key(&self, account: AccountId) -> Result<Arc<DataKey>, AccountError> {
        let (key, change) = self.data_keys.generate(account, self.id(self.now())).await?;
        match self.store.apply(change).await {
            Ok(_) => Ok(self.data_keys.cache(account, key)),
            Err(error) if error.is_conflict() => {
                Ok(self.data_keys.find(&*self.store, account).await?.ok_or(Failure::Raced)?)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a value that was sealed for the same field of the same account.
    pub(super) async fn unseal(&self, account: AccountId, field: &str, sealed: &str) -> Result<String, AccountError> {
        let missing = || AccountError::internal(format!("the data key of a sealed {field} is missing"));
        let (id, sealed) = sealed.split_once('.').ok_or_else(missing)?;
        let key = self.data_keys.find(&*self.store, account).await?.filter(|key| key.id == id).ok_or_else(missing)?;
        Ok(sealing::open(&key.key, &place(account, field, id), sealed)?)
    }
}

fn seal_with(key: &DataKey, account: AccountId, field: &str, value: &str) -> Result<String, AccountError> {
    Ok(format!("{}.{}", key.id, sealing::seal(&key.key, &place(account, field, &key.id), value)?))
}

/// The associated data of a sealed field.
fn place(account: AccountId, field: &str, key: &str) -> String {
    format!("{}|{}|{field}|{FORMAT}|{key}", Table::Accounts.name(), account_partition(account))
}

/// The change that destroys the account's wrapped key: nothing sealed with it opens again.
pub(super) fn destroy_data_key(account: AccountId) -> Change {
    Change::update(data_key_row_key(account)).remove("wrapped").set("id", "shredded")
}
