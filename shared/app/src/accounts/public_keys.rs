//! The public halves of the signing keys, where every function finds them without holding a secret.

use std::collections::BTreeMap;
use std::sync::{Arc, RwLock};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;

use super::rows::public_key_key;
use crate::store::{Change, Query, Row, Store, StoreError, Table};

/// A cache over the stored keys. A key is never changed under its name, so what is known stays good.
#[derive(Clone)]
pub struct PublicKeys {
    store: Arc<dyn Store>,
    known: Arc<RwLock<BTreeMap<String, Vec<u8>>>>,
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

    pub async fn find(&self, kid: &str) -> Result<Option<Vec<u8>>, StoreError> {
        if kid.len() > KID_CHARS_MAX {
            return Ok(None);
        }
        if let Some(key) = self.known.read().expect("the keys' lock").get(kid) {
            return Ok(Some(key.clone()));
        }
        let row = self.store.get(&public_key_key(kid)).await?;
        let key = row.and_then(|row| key_of(&row));
        if let Some(key) = &key {
            self.known.write().expect("the keys' lock").insert(kid.to_owned(), key.clone());
        }
        Ok(key)
    }

    /// Every published key by its name, newest names included: the JWKS.
    pub async fn all(&self) -> Result<Vec<(String, Vec<u8>)>, StoreError> {
        let page = self.store.query(&Query::table(Table::Accounts, "KEYS")).await?;
        Ok(page.rows.iter().filter_map(|row| Some((row.get("sk")?.as_str()?.to_owned(), key_of(row)?))).collect())
    }
}

/// Longest key name looked up.
const KID_CHARS_MAX: usize = 64;

fn key_of(row: &Row) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(row.get("key")?.as_str()?).ok()
}
