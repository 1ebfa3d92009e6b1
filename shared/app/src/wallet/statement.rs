//! 交易明细: the ledger as a person reads it.

use domain::china_time;
use domain::money::ledger::{Entry, Kind};
use jiff::civil::Date;

use crate::books::{of_person, page};
use crate::failure::Failure;
use crate::store::{Cursor, Query, Store};

/// One call reads at most this many pages of the store to fill one page of the answer.
const READS_MAX: usize = 20;
/// A statement is at most this long; a longer one is asked for by date.
pub const STATEMENT_LINES_MAX: usize = 10_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub order_no: Option<String>,
    pub kind: Option<Kind>,
    /// Days in China, both included.
    pub from: Option<Date>,
    pub to: Option<Date>,
}

impl Filter {
    fn takes(&self, entry: &Entry) -> bool {
        let day = china_time::date(entry.at);
        entry.kind.is_shown()
            && self.kind.is_none_or(|kind| kind == entry.kind)
            && self.order_no.as_ref().is_none_or(|no| *no == entry.order_no)
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Lines {
    /// Newest first.
    pub entries: Vec<Entry>,
    pub next: Option<Cursor>,
}

/// One page of at most `limit` lines. It may hold fewer and still have a next one.
pub async fn lines(
    store: &dyn Store,
    owner: &str,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<Lines, Failure> {
    let mut query = ledger(owner).descending().after(after);
    let mut entries = Vec::new();
    for _ in 0..READS_MAX {
        let filled = u32::try_from(entries.len()).unwrap_or(limit);
        let (found, next) = page::<Entry>(store, &query.clone().limit(limit - filled)).await?;
        let past =
            found.last().is_some_and(|row| filter.from.is_some_and(|from| china_time::date(row.value.at) < from));
        entries.extend(found.into_iter().map(|row| row.value).filter(|entry| filter.takes(entry)));
        let full = entries.len() >= limit as usize;
        match next {
            Some(next) if !past && !full => query = query.after(Some(next)),
            next => return Ok(Lines { entries, next: if past { None } else { next } }),
        }
    }
    Ok(Lines { entries, next: query.after })
}

/// Everything that passes the filter, oldest first, for a statement.
pub async fn all(store: &dyn Store, owner: &str, filter: &Filter) -> Result<Vec<Entry>, Failure> {
    up_to(STATEMENT_LINES_MAX, store, owner, filter).await
}

pub(crate) async fn up_to(most: usize, store: &dyn Store, owner: &str, filter: &Filter) -> Result<Vec<Entry>, Failure> {
    let mut query = ledger(owner);
    let mut entries = Vec::new();
    loop {
        let (found, next) = page::<Entry>(store, &query).await?;
        entries.extend(found.into_iter().map(|row| row.value).filter(|entry| filter.takes(entry)));
        if entries.len() > most {
            return Err(Failure::Conflict { code: "statement-too-long" });
        }
        match next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(entries),
        }
    }
}

fn ledger(owner: &str) -> Query {
    of_person(owner, "LEDGER#")
}
