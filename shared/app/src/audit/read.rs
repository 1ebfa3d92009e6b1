//! Reading the log: pages of entries, and the verification of one chain.

use jiff::civil::Date;

use super::{AuditEntry, Subject};
use crate::failure::Failure;
use crate::store::{BY_ACTOR, BY_DAY, Query, Span, Store, StoreError, Table, from_row};

/// Entries on one page, at most, with two to spare for the cursor and the entry that shows there is a next page.
pub const PAGE_MAX: u32 = 100;

/// Which entries to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Of one day in China.
    Day(Date),
    /// About one subject.
    Subject(Subject),
    /// By one actor: an account's id or `operator/<name>`.
    By(String),
}

/// One page of entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub entries: Vec<AuditEntry>,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// One page of entries, newest first. `before` is the cursor of the page before; `limit` is 1 to 98.
///
/// # Errors
/// [`Failure::Unavailable`] when the store fails, [`Failure::Internal`] when an entry cannot be read.
pub async fn read(store: &dyn Store, filter: &Filter, before: Option<&str>, limit: u32) -> Result<Page, Failure> {
    let (query, cursor): (Query, fn(&AuditEntry) -> String) = match filter {
        Filter::Day(day) => (Query::index(Table::Audit, BY_DAY, day.to_string()), |entry| entry.sort.clone()),
        Filter::By(by) => (Query::index(Table::Audit, BY_ACTOR, by.clone()), |entry| entry.sort.clone()),
        Filter::Subject(subject) => {
            (Query::table(Table::Audit, subject.partition()), |entry| format!("{:020}", entry.seq))
        }
    };
    // One more than asked for shows whether there is a next page; the cursor's own entry is read and left out.
    let limit = limit.clamp(1, PAGE_MAX - 2);
    let mut query = query.descending().limit(limit + 2);
    if let Some(before) = before {
        query = query.span(Span::Between(" ".to_owned(), before.to_owned()));
    }
    let rows = store.query(&query).await?.rows;
    let entries: Result<Vec<AuditEntry>, _> = rows.into_iter().map(from_row).collect();
    let mut entries: Vec<AuditEntry> =
        entries?.into_iter().filter(|entry| Some(cursor(entry).as_str()) != before).collect();
    let more = entries.len() > limit as usize;
    entries.truncate(limit as usize);
    let next = entries.last().filter(|_| more).map(cursor);
    Ok(Page { entries, next })
}

/// The newest entry about `subject`.
pub(super) async fn last(store: &dyn Store, subject: &Subject) -> Result<Option<AuditEntry>, StoreError> {
    let query = Query::table(Table::Audit, subject.partition()).descending().limit(1);
    let row = store.query(&query).await?.rows.pop();
    row.map(from_row).transpose().map_err(|error| StoreError::Invalid(error.to_string()))
}

/// Recomputes the chain of a subject. Returns the position (1, 2 …) of the first entry that was changed, removed or
/// inserted; `None` for an intact chain.
///
/// # Errors
/// [`Failure::Unavailable`] when the store fails.
pub async fn verify(store: &dyn Store, subject: &Subject) -> Result<Option<u64>, Failure> {
    let mut query = Query::table(Table::Audit, subject.partition());
    let (mut seq, mut before) = (0, String::new());
    loop {
        let page = store.query(&query).await?;
        for row in page.rows {
            seq += 1;
            // A row that cannot be read was not written by us.
            let Ok(entry) = from_row::<AuditEntry>(row) else { return Ok(Some(seq)) };
            if entry.seq != seq || entry.before != before || entry.hash != entry.compute_hash() {
                return Ok(Some(seq));
            }
            before = entry.hash;
        }
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(None),
        }
    }
}
