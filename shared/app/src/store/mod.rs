//! The store port: rows under typed keys, read singly or by page, written all together or not at all.
//!
//! It is narrow on purpose. What it promises is written down as code in `contract.rs`; every adapter runs it.

mod change;
#[cfg(any(test, feature = "contract"))]
pub mod contract;
mod faults;
mod key;
mod memory;
mod query;
mod row;

use async_trait::async_trait;

pub use change::{Action, Change, Condition, MAX_CHANGES, Token, validate};
pub use faults::{Fault, FaultyStore, Plan};
pub use key::{BY_ACTOR, BY_DAY, BY_DUE, BY_OWNER, Index, Key, TTL, Table, sortable};
pub use memory::MemoryStore;
pub use query::{Cursor, Direction, MAX_PAGE, Page, Query, Span};
pub use row::{MalformedRow, Row, from_row, to_row};

#[async_trait]
pub trait Store: Send + Sync {
    /// The row as of the last successful write.
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError>;

    /// One page of rows in the order of their sort key. An index may lag a moment behind the rows; a table does not.
    async fn query(&self, query: &Query) -> Result<Page, StoreError>;

    /// Writes every change, or none when one condition does not hold. Repeating a commit with the same token within ten
    /// minutes changes nothing more and succeeds. At most [`MAX_CHANGES`] changes, each to another row.
    async fn commit(&self, token: &Token, changes: Vec<Change>) -> Result<(), StoreError>;

    /// Writes one change without a token and returns the row after it (empty once deleted). A repeated call is applied
    /// again: for counters where a gap is harmless, and for writes whose condition makes a repetition fail.
    async fn apply(&self, change: Change) -> Result<Row, StoreError>;
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Nothing was written; these changes (by position) had a condition that did not hold.
    #[error("conditions of changes {changes:?} do not hold")]
    Conflict { changes: Vec<usize> },
    /// Nothing was written: too many callers at once, even after the adapter's own retries.
    #[error("throttled")]
    Throttled,
    /// The store could not be reached; nothing was written.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// The request was sent and its outcome is not known: read again, or repeat with the same token.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// A fault of the caller's code: too many changes, one row twice, a reused token, a row too large.
    #[error("invalid request: {0}")]
    Invalid(String),
}

impl StoreError {
    /// Did the change at this position refuse?
    pub fn conflicts_at(&self, position: usize) -> bool {
        matches!(self, Self::Conflict { changes } if changes.contains(&position))
    }

    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}
