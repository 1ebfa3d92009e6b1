//! A domain value as a row: read with its version, written only if the version is still the same.

use domain::actor::AccountId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::key;
use crate::failure::Failure;
use crate::store::{Change, Cursor, Key, Query, Row, Span, Store, Table};

/// A domain value that is stored as a row of its own.
pub trait Stored: Serialize + DeserializeOwned + Sync {
    /// Where the value's row is.
    fn key(&self) -> Key;

    /// Attributes beside the value, for conditions and indexes. An attribute of `null` is not written.
    fn index_attributes(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

/// A value as it was read, with the version of its row.
#[derive(Debug, Clone)]
pub struct Loaded<T> {
    /// The value at the time of reading.
    pub value: T,
    version: i64,
}

impl<T: Stored> Loaded<T> {
    /// A value that has no row yet.
    pub const fn new(value: T) -> Self {
        Self { value, version: 0 }
    }

    /// The change that writes `value` to this row. It conflicts if the row was written since it was read.
    ///
    /// # Errors
    ///
    /// [`Failure::Internal`] if the value cannot be serialised.
    pub fn replace(&self, value: &T) -> Result<Change, Failure> {
        let change = Change::put(value.key(), row(value, self.version + 1)?);
        Ok(if self.version == 0 { change.if_absent() } else { change.if_version(self.version) })
    }

    /// Whether there is a row.
    pub const fn is_stored(&self) -> bool {
        self.version > 0
    }

    fn read(mut row: Row) -> Result<Self, Failure> {
        let version = row.get("version").and_then(Value::as_i64);
        let version = version.ok_or_else(|| Failure::internal("a row without a version"))?;
        let data = row.remove("data").ok_or_else(|| Failure::internal("a row without data"))?;
        Ok(Self { value: serde_json::from_value(data).map_err(Failure::internal)?, version })
    }
}

fn row<T: Stored>(value: &T, version: i64) -> Result<Row, Failure> {
    let mut row = Row::new();
    row.insert("version".into(), version.into());
    row.insert("data".into(), serde_json::to_value(value).map_err(Failure::internal)?);
    row.extend(value.index_attributes().into_iter().map(|(name, attribute)| (name.to_owned(), attribute)));
    Ok(row)
}

/// Reads the value at `key`; `None` if there is no row.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if the row is malformed.
pub async fn load<T: Stored>(store: &dyn Store, key: &Key) -> Result<Option<Loaded<T>>, Failure> {
    store.get(key).await?.map(Loaded::read).transpose()
}

/// Reads one page of values of one kind, and the cursor of the next page.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if a row is malformed.
pub async fn page<T: Stored>(store: &dyn Store, query: &Query) -> Result<(Vec<Loaded<T>>, Option<Cursor>), Failure> {
    let page = store.query(query).await?;
    let values: Result<Vec<_>, _> = page.rows.into_iter().map(Loaded::read).collect();
    Ok((values?, page.next))
}

/// A customer's rows of one kind, by the beginning of their sort key, e.g. `ORDER#`.
pub fn owner_rows(owner: AccountId, prefix: &str) -> Query {
    Query::table(Table::Money, key::owner_partition(owner)).span(Span::Prefix(prefix.to_owned()))
}
