//! Queries for one page of rows.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Index, Row, Table};

/// The most rows of a page.
pub const MAX_PAGE: u32 = 100;

/// A query for one page of rows of one partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// The table.
    pub table: Table,
    /// The index; `None` reads the table itself.
    pub index: Option<Index>,
    /// The partition key.
    pub pk: String,
    /// The range of sort keys.
    pub span: Span,
    /// The order of the rows.
    pub direction: Direction,
    /// The most rows of the page, 1 to [`MAX_PAGE`].
    pub limit: u32,
    /// The cursor of the page before; `None` for the first page.
    pub after: Option<Cursor>,
}

/// A range of sort keys.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// All of the partition.
    All,
    /// Sort keys that begin with this.
    Prefix(String),
    /// Sort keys from the first to the second, both included. Empty if the second sorts before the first.
    Between(String, String),
}

/// The order of a page's rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// By rising sort key.
    Ascending,
    /// By falling sort key.
    Descending,
}

/// Where the next page starts: the key attributes of the last row read, by name. Only the adapter that made it can read
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub BTreeMap<String, String>);

/// One page of rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// The rows, in the order of the query.
    pub rows: Vec<Row>,
    /// The cursor of the next page; `None` on the last page. A page can be empty and still have a cursor.
    pub next: Option<Cursor>,
}

impl Query {
    /// All rows of the partition `pk` of `table`, ascending.
    pub fn table(table: Table, pk: impl Into<String>) -> Self {
        Self {
            table,
            index: None,
            pk: pk.into(),
            span: Span::All,
            direction: Direction::Ascending,
            limit: MAX_PAGE,
            after: None,
        }
    }

    /// All rows of the partition `pk` of `index`, ascending.
    pub fn index(table: Table, index: Index, pk: impl Into<String>) -> Self {
        Self { index: Some(index), ..Self::table(table, pk) }
    }

    /// Only the sort keys in `span`.
    #[must_use]
    pub fn span(self, span: Span) -> Self {
        Self { span, ..self }
    }

    /// In descending order.
    #[must_use]
    pub fn descending(self) -> Self {
        Self { direction: Direction::Descending, ..self }
    }

    /// At most `limit` rows; a limit outside 1 to [`MAX_PAGE`] is clamped.
    #[must_use]
    pub fn limit(self, limit: u32) -> Self {
        Self { limit: limit.clamp(1, MAX_PAGE), ..self }
    }

    /// Starts after the cursor of the page before.
    #[must_use]
    pub fn after(self, after: Option<Cursor>) -> Self {
        Self { after, ..self }
    }
}
