//! The port to the store: rows with typed keys, read one by one or by page, and written in atomic commits.
//!
//! The port is narrow on purpose. `contract.rs` says as code what an adapter must do; the tests of every adapter run
//! it.

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
pub use faults::{Fault, FaultPlan, FaultyStore};
pub use key::{BY_ACTOR, BY_DAY, BY_DUE, BY_OWNER, Index, Key, TTL, Table, sortable};
pub use memory::MemoryStore;
pub use query::{Cursor, Direction, MAX_PAGE, Page, Query, Span};
pub use row::{MalformedRow, Row, from_row, to_row};

/// The store.
#[async_trait]
pub trait Store: Send + Sync {
    /// The row `key` as of the last successful write; `None` if it does not exist.
    ///
    /// # Errors
    ///
    /// `Throttled` or `Unavailable`.
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError>;

    /// One page of rows in the order of their sort key. A query of an index can lag behind the last write; a query of a
    /// table does not.
    ///
    /// # Errors
    ///
    /// `Throttled` or `Unavailable`.
    async fn query(&self, query: &Query) -> Result<Page, StoreError>;

    /// Writes all `changes`, or none if a condition does not hold. There are at most [`MAX_CHANGES`] changes, each to
    /// another row. Repeating a successful commit with the same `token` within ten minutes succeeds and changes
    /// nothing.
    ///
    /// # Errors
    ///
    /// `Conflict` if a condition does not hold; `Invalid` if [`validate`] refuses the changes or if `token` was used for others;
    /// `Throttled`, `Unavailable` or `Unknown`.
    async fn commit(&self, token: &Token, changes: Vec<Change>) -> Result<(), StoreError>;

    /// Writes one change and returns the row as it is afterwards, empty if it was deleted. There is no token, so a
    /// repeated call is applied again: use it for counters in which a gap does no harm, and for changes whose condition
    /// makes a repetition fail.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`].
    async fn apply(&self, change: Change) -> Result<Row, StoreError>;
}

/// Why a call to the store failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// A condition did not hold; nothing was written.
    #[error("conditions of changes {changes:?} do not hold")]
    Conflict {
        /// The positions of the changes whose conditions did not hold, from 0.
        changes: Vec<usize>,
    },
    /// Too many concurrent calls, even after the retries of the adapter; nothing was written.
    #[error("throttled")]
    Throttled,
    /// The store could not be reached; nothing was written.
    #[error("store unavailable: {0}")]
    Unavailable(String),
    /// The request was sent and its outcome is unknown. Read again, or repeat the commit with the same token.
    #[error("outcome unknown: {0}")]
    Unknown(String),
    /// The caller broke a rule: too many changes, one row twice, a reused token, a row that is too large.
    #[error("invalid request: {0}")]
    Invalid(String),
}

impl StoreError {
    /// Whether the condition of the change at this position did not hold.
    pub fn conflicts_at(&self, position: usize) -> bool {
        matches!(self, Self::Conflict { changes } if changes.contains(&position))
    }

    /// Whether a condition did not hold.
    pub const fn is_conflict(&self) -> bool {
        matches!(self, Self::Conflict { .. })
    }
}
