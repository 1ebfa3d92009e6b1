//! Rows that are due, and the report of a task that works on them.

use jiff::Timestamp;
use serde::Serialize;

use super::{Stored, page};
use crate::failure::Failure;
use crate::store::{BY_DUE, Query, Span, Store, Table, sortable};

/// One run of a task reads about this many rows at most; the next run follows within minutes.
const ROWS_MAX: usize = 500;
/// Sorts before every instant; a key must not be empty.
const EARLIEST: &str = "0";

/// What one run of a task did, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct DueReport {
    /// Rows on which the task is complete.
    pub done: u32,
    /// Rows that needed nothing yet, or that another writer changed first.
    pub left: u32,
    /// Rows that failed; the next run tries them again.
    pub failed: u32,
}

impl DueReport {
    /// Counts one row: `Ok(true)` is done, `Ok(false)` and a lost race are left, any other failure is failed.
    pub fn count(&mut self, outcome: Result<bool, Failure>) {
        let counter = match outcome {
            Ok(true) => &mut self.done,
            Ok(false) | Err(Failure::Raced) => &mut self.left,
            Err(_) => &mut self.failed,
        };
        *counter += 1;
    }
}

/// The values listed under `kind` in the index of due rows, up to `now`. The index can lag behind the rows: a task must decide by
/// the row itself.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if a row is malformed.
pub async fn due_rows<T: Stored>(store: &dyn Store, kind: &str, now: Timestamp) -> Result<Vec<T>, Failure> {
    let mut query = Query::index(Table::Money, BY_DUE, kind).span(Span::Between(EARLIEST.to_owned(), sortable(now)));
    let mut values = Vec::new();
    while values.len() < ROWS_MAX {
        let (found, next) = page::<T>(store, &query).await?;
        values.extend(found.into_iter().map(|row| row.value));
        match next {
            Some(next) => query = query.after(Some(next)),
            None => break,
        }
    }
    Ok(values)
}
