//! The public keys that verify access tokens. They are in the store, so that a function needs no secret to verify a
//! token.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use super::rows::public_key_row_key;
use crate::store::{Change, Query, Row, Store, StoreError, Table};

/// How long a process caches a key. A retired key is accepted for this long after its end.
const CACHE_LIFETIME: Duration = Duration::from_secs(300);

/// The stored keys, with a cache. The key of an id (`kid`) never changes; it can only be retired.
#[derive(Clone)]
pub struct PublicKeys {
    store: Arc<dyn Store>,
    cache: Arc<RwLock<BTreeMap<String, CachedKey>>>,
}

#[derive(Clone)]
struct CachedKey {
    key: Vec<u8>,
    /// The end of a retired key.
    valid_until: Option<Timestamp>,
    read: Instant,
}

impl CachedKey {
    fn from_row(row: &Row) -> Option<Self> {
        let key = URL_SAFE_NO_PAD.decode(row.get("key")?.as_str()?).ok()?;
        let valid_until = row.get(VALID_UNTIL).map(|at| at.as_str().and_then(|at| at.parse().ok()));
        // An unreadable end counts as one in the past.
        Some(Self { key, valid_until: valid_until.map(|at| at.unwrap_or(Timestamp::MIN)), read: Instant::now() })
    }

    fn valid_at(&self, now: Timestamp) -> Option<Vec<u8>> {
        self.valid_until.is_none_or(|until| now < until).then(|| self.key.clone())
    }
}

impl std::fmt::Debug for PublicKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PublicKeys")
    }
}

impl PublicKeys {
    /// The keys in `store`, with an empty cache.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, cache: Arc::default() }
    }

    /// Stores the Ed25519 public key `key` under the id `kid`, before its private key signs anything. A key that is
    /// stored already, even a retired one, stays as it is.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn publish(&self, kid: &str, key: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let row = Row::from_iter([
            ("key".to_owned(), URL_SAFE_NO_PAD.encode(key).into()),
            ("publishedAt".to_owned(), now.to_string().into()),
        ]);
        match self.store.apply(Change::put(public_key_row_key(kid), row).if_absent()).await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The key `kid`; `None` when it does not exist or is retired at `now`.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn find(&self, kid: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        if kid.len() > KID_CHARS_MAX {
            return Ok(None);
        }
        let cached = self.cache.read().expect("no holder of the cache's lock panics").get(kid).cloned();
        if let Some(cached) = cached.filter(|cached| cached.read.elapsed() < CACHE_LIFETIME) {
            return Ok(cached.valid_at(now));
        }
        let Some(cached) = self.store.get(&public_key_row_key(kid)).await?.as_ref().and_then(CachedKey::from_row)
        else {
            return Ok(None);
        };
        let key = cached.valid_at(now);
        self.cache.write().expect("no holder of the cache's lock panics").insert(kid.to_owned(), cached);
        Ok(key)
    }

    /// Every key that is not retired at `now`, with its id: the JWKS.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn all(&self, now: Timestamp) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows = self.rows().await?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.get("sk")?.as_str()?.to_owned(), CachedKey::from_row(row)?.valid_at(now)?)))
            .collect())
    }

    /// Retires every key but the newest at `until`; keys that are retired already keep their end. Returns the ids of
    /// the newly retired keys.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn retire_older(&self, until: Timestamp) -> Result<Vec<String>, StoreError> {
        let rows = self.rows().await?;
        let published = |row: &Row| row.get("publishedAt")?.as_str()?.parse::<Timestamp>().ok();
        let newest = rows.iter().max_by_key(|row| published(row)).and_then(|row| row.get("sk"));
        let mut retired = Vec::new();
        for kid in rows.iter().filter(|row| row.get("sk") != newest).filter_map(|row| row.get("sk")?.as_str()) {
            let change =
                Change::update(public_key_row_key(kid)).set(VALID_UNTIL, until.to_string()).if_missing(VALID_UNTIL);
            match self.store.apply(change).await {
                Ok(_) => retired.push(kid.to_owned()),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(retired)
    }

    async fn rows(&self) -> Result<Vec<Row>, StoreError> {
        Ok(self.store.query(&Query::table(Table::Accounts, "KEYS")).await?.rows)
    }
}

/// The attribute with the end of a retired key.
const VALID_UNTIL: &str = "goodUntil";
/// The longest key id that is looked up.
const KID_CHARS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::store::MemoryStore;

    #[tokio::test]
    async fn retired_key_is_valid_until_its_end_and_stays_retired_when_published_again() {
        let store = Arc::new(MemoryStore::new());
        let start = Timestamp::UNIX_EPOCH;
        let after = |seconds| start + SignedDuration::from_secs(seconds);
        let keys = PublicKeys::new(store.clone());
        keys.publish("a-1", b"one", start).await.unwrap();
        keys.publish("z-0", b"two", after(10)).await.unwrap();
        assert_eq!(keys.find("a-1", start).await.unwrap().as_deref(), Some(b"one".as_slice()));
        assert_eq!(keys.retire_older(after(60)).await.unwrap(), ["a-1"]);
        assert!(keys.retire_older(after(90)).await.unwrap().is_empty(), "the first retirement stays");
        keys.publish("a-1", b"one", after(30)).await.unwrap();
        let fresh = PublicKeys::new(store);
        assert!(fresh.find("a-1", after(59)).await.unwrap().is_some());
        assert!(fresh.find("a-1", after(60)).await.unwrap().is_none(), "at its end");
        assert!(
            keys.find("a-1", after(60)).await.unwrap().is_some(),
            "a process that cached the key accepts it for five minutes"
        );
        assert!(fresh.find("z-0", after(9_999)).await.unwrap().is_some());
        let names = |keys: Vec<(String, Vec<u8>)>| keys.into_iter().map(|(kid, _)| kid).collect::<Vec<_>>();
        assert_eq!(names(fresh.all(after(59)).await.unwrap()), ["a-1", "z-0"]);
        assert_eq!(names(fresh.all(after(60)).await.unwrap()), ["z-0"]);
        assert!(fresh.find("b-2", start).await.unwrap().is_none());
    }
}
