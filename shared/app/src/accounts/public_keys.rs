//! The public halves of the signing keys, where every function finds them without holding a secret.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use super::rows::public_key_key;
use crate::store::{Change, Query, Row, Store, StoreError, Table};

/// How long a process believes what it has read: so long a retired key may still open a door.
const CACHE_LIFE: Duration = Duration::from_secs(300);

/// A cache over the stored keys. A key is never changed under its name, only retired.
#[derive(Clone)]
pub struct PublicKeys {
    store: Arc<dyn Store>,
    known: Arc<RwLock<BTreeMap<String, Known>>>,
}

#[derive(Clone)]
struct Known {
    key: Vec<u8>,
    /// When it is retired, if that has been said.
    good_until: Option<Timestamp>,
    read: Instant,
}

impl Known {
    fn of(row: &Row) -> Option<Self> {
        let key = URL_SAFE_NO_PAD.decode(row.get("key")?.as_str()?).ok()?;
        let good_until = row.get(GOOD_UNTIL).map(|at| at.as_str().and_then(|at| at.parse().ok()));
        // A date that cannot be read is one in the past.
        Some(Self { key, good_until: good_until.map(|at| at.unwrap_or(Timestamp::MIN)), read: Instant::now() })
    }

    fn at(&self, now: Timestamp) -> Option<Vec<u8>> {
        self.good_until.is_none_or(|until| now < until).then(|| self.key.clone())
    }
}

impl std::fmt::Debug for PublicKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PublicKeys")
    }
}

impl PublicKeys {
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self { store, known: Arc::default() }
    }

    /// Makes `key` known to everybody before anything is signed with it.
    pub async fn publish(&self, kid: &str, key: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let row = Row::from_iter([
            ("key".to_owned(), URL_SAFE_NO_PAD.encode(key).into()),
            ("publishedAt".to_owned(), now.to_string().into()),
        ]);
        match self.store.apply(Change::put(public_key_key(kid), row).if_absent()).await {
            Ok(_) | Err(StoreError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// The key of this name, if there is one and `now` it is not retired.
    pub async fn find(&self, kid: &str, now: Timestamp) -> Result<Option<Vec<u8>>, StoreError> {
        if kid.len() > KID_CHARS_MAX {
            return Ok(None);
        }
        let known = self.known.read().expect("the keys' lock").get(kid).cloned();
        if let Some(known) = known.filter(|known| known.read.elapsed() < CACHE_LIFE) {
            return Ok(known.at(now));
        }
        let Some(known) = self.store.get(&public_key_key(kid)).await?.as_ref().and_then(Known::of) else {
            return Ok(None);
        };
        let key = known.at(now);
        self.known.write().expect("the keys' lock").insert(kid.to_owned(), known);
        Ok(key)
    }

    /// Every key that is not retired, by its name: the JWKS.
    pub async fn all(&self, now: Timestamp) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let rows = self.rows().await?;
        Ok(rows
            .iter()
            .filter_map(|row| Some((row.get("sk")?.as_str()?.to_owned(), Known::of(row)?.at(now)?)))
            .collect())
    }

    /// Every key but the newest ends at `until`, unless it ends already. Their names.
    pub async fn retire_older(&self, until: Timestamp) -> Result<Vec<String>, StoreError> {
        let rows = self.rows().await?;
        let published = |row: &Row| row.get("publishedAt")?.as_str()?.parse::<Timestamp>().ok();
        let newest = rows.iter().max_by_key(|row| published(row)).and_then(|row| row.get("sk"));
        let mut retired = Vec::new();
        for kid in rows.iter().filter(|row| row.get("sk") != newest).filter_map(|row| row.get("sk")?.as_str()) {
            let change = Change::update(public_key_key(kid)).set(GOOD_UNTIL, until.to_string()).if_missing(GOOD_UNTIL);
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

const GOOD_UNTIL: &str = "goodUntil";
/// Longest key name looked up.
const KID_CHARS_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::store::MemoryStore;

    #[tokio::test]
    async fn a_retired_key_is_good_until_its_end_and_published_again_it_stays_retired() {
        let store = Arc::new(MemoryStore::new());
        let start = Timestamp::UNIX_EPOCH;
        let after = |seconds| start + SignedDuration::from_secs(seconds);
        let keys = PublicKeys::new(store.clone());
        keys.publish("a-1", b"one", start).await.unwrap();
        keys.publish("z-0", b"two", after(10)).await.unwrap();
        assert_eq!(keys.find("a-1", start).await.unwrap().as_deref(), Some(b"one".as_slice()));
        assert_eq!(keys.retire_older(after(60)).await.unwrap(), ["a-1"]);
        assert!(keys.retire_older(after(90)).await.unwrap().is_empty(), "the first word counts");
        keys.publish("a-1", b"one", after(30)).await.unwrap();
        let fresh = PublicKeys::new(store);
        assert!(fresh.find("a-1", after(59)).await.unwrap().is_some());
        assert!(fresh.find("a-1", after(60)).await.unwrap().is_none(), "known, and at its end");
        assert!(keys.find("a-1", after(60)).await.unwrap().is_some(), "who read it before believes it for minutes");
        assert!(fresh.find("z-0", after(9_999)).await.unwrap().is_some());
        let names = |keys: Vec<(String, Vec<u8>)>| keys.into_iter().map(|(kid, _)| kid).collect::<Vec<_>>();
        assert_eq!(names(fresh.all(after(59)).await.unwrap()), ["a-1", "z-0"]);
        assert_eq!(names(fresh.all(after(60)).await.unwrap()), ["z-0"]);
        assert!(fresh.find("b-2", start).await.unwrap().is_none());
    }
}
