//! The store in memory, for tests. It fulfils the same contract as the adapter for DynamoDB.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard};

use async_trait::async_trait;
use serde_json::Value;

use super::{
    Action, Change, Condition, Cursor, Direction, Key, Page, Query, Row, Span, Store, StoreError, TTL, Token, validate,
};

/// A store that keeps its rows in memory.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    rows: BTreeMap<Key, Row>,
    committed: HashMap<Token, Vec<Change>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    /// All rows with their keys, to check invariants over the whole store.
    ///
    /// # Panics
    ///
    /// If another thread panicked while it held the store.
    pub fn dump(&self) -> BTreeMap<Key, Row> {
        self.state().rows.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().expect("no thread panicked while it held the store")
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        Ok(self.state().rows.get(key).cloned())
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        let mut found: Vec<(Cursor, Row)> = {
            let state = self.state();
            let rows = state.rows.iter().filter(|(key, _)| key.table == query.table);
            rows.filter_map(|(key, row)| Some((cursor_of(query, key, row)?, row.clone()))).collect()
        };
        let order = |cursor: &Cursor| sort_key(query, cursor);
        found.sort_by_key(|(cursor, _)| order(cursor));
        if query.direction == Direction::Descending {
            found.reverse();
        }
        if let Some(after) = &query.after {
            found.retain(|(cursor, _)| match query.direction {
                Direction::Ascending => order(cursor) > order(after),
                Direction::Descending => order(cursor) < order(after),
            });
        }
        let limit = query.limit as usize;
        let next = if found.len() > limit { Some(found[limit - 1].0.clone()) } else { None };
        Ok(Page { rows: found.into_iter().take(limit).map(|(_, row)| row).collect(), next })
    }

    async fn commit(&self, token: &Token, changes: Vec<Change>) -> Result<(), StoreError> {
        validate(&changes)?;
        let mut state = self.state();
        match state.committed.get(token) {
            Some(done) if *done == changes => return Ok(()),
            Some(_) => return Err(StoreError::Invalid("token reused for another commit".into())),
            None => {}
        }
        let refused: Vec<usize> = changes
            .iter()
            .enumerate()
            .filter(|(_, change)| !change.conditions.iter().all(|c| holds(c, state.rows.get(&change.key))))
            .map(|(position, _)| position)
            .collect();
        if !refused.is_empty() {
            return Err(StoreError::Conflict { changes: refused });
        }
        state.committed.insert(token.clone(), changes.clone());
        for change in changes {
            write(&mut state.rows, change);
        }
        Ok(())
    }

    async fn apply(&self, change: Change) -> Result<Row, StoreError> {
        validate(std::slice::from_ref(&change))?;
        let mut state = self.state();
        if !change.conditions.iter().all(|condition| holds(condition, state.rows.get(&change.key))) {
            return Err(StoreError::Conflict { changes: vec![0] });
        }
        let key = change.key.clone();
        write(&mut state.rows, change);
        Ok(state.rows.get(&key).cloned().unwrap_or_default())
    }
}

fn holds(condition: &Condition, row: Option<&Row>) -> bool {
    let attribute = |name: &String| row.and_then(|row| row.get(name));
    let number = |name: &String| attribute(name).and_then(Value::as_i64);
    match condition {
        Condition::Absent => row.is_none(),
        Condition::Exists => row.is_some(),
        Condition::Equals(name, value) => attribute(name) == Some(value),
        Condition::Missing(name) => attribute(name).is_none(),
        Condition::AtLeast(name, least) => number(name).is_some_and(|number| number >= *least),
        Condition::AbsentOrExpired(second) => {
            row.is_none() || number(&TTL.to_owned()).is_some_and(|ttl| ttl <= *second)
        }
        Condition::AtMost(name, most) => number(name).is_some_and(|number| number <= *most),
    }
}

fn write(rows: &mut BTreeMap<Key, Row>, change: Change) {
    let Change { key, action, .. } = change;
    match action {
        Action::Put(row) => {
            let row = row.into_iter().filter(|(_, value)| !value.is_null()).chain(key_attributes(&key)).collect();
            rows.insert(key, row);
        }
        Action::Update { set, add, remove } => {
            let row = rows.entry(key.clone()).or_insert_with(|| key_attributes(&key).collect());
            for (name, value) in set {
                if value.is_null() {
                    row.remove(&name)
                } else {
                    row.insert(name, value)
                };
            }
            for (name, amount) in add {
                let before = row.get(&name).and_then(Value::as_i64).unwrap_or(0);
                row.insert(name, (before + amount).into());
            }
            for name in remove {
                row.remove(&name);
            }
        }
        Action::Delete => {
            rows.remove(&key);
        }
        Action::Check => {}
    }
}

fn key_attributes(key: &Key) -> impl Iterator<Item = (String, Value)> {
    [("pk".to_owned(), key.pk.clone().into()), ("sk".to_owned(), key.sk.clone().into())].into_iter()
}

/// The cursor of the row, or `None` if the query does not include it.
fn cursor_of(query: &Query, key: &Key, row: &Row) -> Option<Cursor> {
    let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
    let mut cursor = BTreeMap::from([("pk".to_owned(), key.pk.clone()), ("sk".to_owned(), key.sk.clone())]);
    let (pk, sk) = match query.index {
        None => (key.pk.clone(), key.sk.clone()),
        Some(index) => {
            let (pk, sk) = (text(index.pk)?, text(index.sk)?);
            cursor.insert(index.pk.to_owned(), pk.clone());
            cursor.insert(index.sk.to_owned(), sk.clone());
            (pk, sk)
        }
    };
    let within = match &query.span {
        Span::All => true,
        Span::Prefix(prefix) => sk.starts_with(prefix.as_str()),
        Span::Between(from, to) => *from <= sk && sk <= *to,
    };
    (pk == query.pk && within).then_some(Cursor(cursor))
}

fn sort_key(query: &Query, cursor: &Cursor) -> (String, String, String) {
    let part = |name: &str| cursor.0.get(name).cloned().unwrap_or_default();
    (query.index.map_or_else(String::new, |index| part(index.sk)), part("sk"), part("pk"))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::store::contract;

    #[tokio::test(flavor = "multi_thread")]
    async fn memory_store_fulfils_the_contract() {
        contract::verify(Arc::new(MemoryStore::new()), "memory").await;
    }
}
