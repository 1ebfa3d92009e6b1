//! Which rows a page holds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Index, Row, Table};

/// No page is larger.
pub const MAX_PAGE: u32 = 100;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    pub table: Table,
    pub index: Option<Index>,
    pub pk: String,
    pub span: Span,
    pub direction: Direction,
    /// 1 to [`MAX_PAGE`]; anything else is brought into it.
    pub limit: u32,
    pub after: Option<Cursor>,
}

/// Which sort keys of the partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    All,
    Prefix(String),
    /// Both ends belong to it; none where the second comes before the first.
    Between(String, String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    Ascending,
    Descending,
}

/// Where the next page starts: the key attributes of the last row read. Opaque to everyone but the adapter that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub BTreeMap<String, String>);

#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    pub rows: Vec<Row>,
    /// Absent on the last page. A page may be empty and still have a next one.
    pub next: Option<Cursor>,
}

impl Query {
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

    pub fn index(table: Table, index: Index, pk: impl Into<String>) -> Self {
        Self { index: Some(index), ..Self::table(table, pk) }
    }

    #[must_use]
    pub fn span(self, span: Span) -> Self {
        Self { span, ..self }
    }

    #[must_use]
    pub fn descending(self) -> Self {
        Self { direction: Direction::Descending, ..self }
    }

    #[must_use]
    pub fn limit(self, limit: u32) -> Self {
        Self { limit: limit.clamp(1, MAX_PAGE), ..self }
    }

    #[must_use]
    pub fn after(self, after: Option<Cursor>) -> Self {
        Self { after, ..self }
    }
}
