//! What an auditor reads.

use jiff::civil::Date;

use super::{Line, Subject};
use crate::failure::Failure;
use crate::store::{BY_DAY, BY_DOER, Query, Span, Store, StoreError, Table, from_row};

/// Lines on one page at most.
pub const PAGE_MAX: u32 = 100;

/// Which lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Filter {
    /// Of one day in China.
    Day(Date),
    /// About one subject.
    Subject(Subject),
    /// By one account or operator.
    By(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Newest first.
    pub lines: Vec<Line>,
    /// Give it as `before` for the next page; none on the last.
    pub next: Option<String>,
}

/// One page of lines; with `before`, only those that come after that mark of an earlier page.
pub async fn read(store: &dyn Store, filter: &Filter, before: Option<&str>, limit: u32) -> Result<Page, Failure> {
    let (query, mark): (Query, fn(&Line) -> String) = match filter {
        Filter::Day(day) => (Query::index(Table::Audit, BY_DAY, day.to_string()), |line| line.sort.clone()),
        Filter::By(by) => (Query::index(Table::Audit, BY_DOER, by.clone()), |line| line.sort.clone()),
        Filter::Subject(subject) => {
            (Query::table(Table::Audit, subject.partition()), |line| format!("{:020}", line.seq))
        }
    };
    // One more than asked tells whether there is a next page; the mark itself is read and left out.
    let limit = limit.clamp(1, PAGE_MAX - 2);
    let mut query = query.descending().limit(limit + 2);
    if let Some(before) = before {
        query = query.span(Span::Between(" ".to_owned(), before.to_owned()));
    }
    let rows = store.query(&query).await?.rows;
    let lines: Result<Vec<Line>, _> = rows.into_iter().map(from_row).collect();
    let mut lines: Vec<Line> = lines?.into_iter().filter(|line| Some(mark(line).as_str()) != before).collect();
    let more = lines.len() > limit as usize;
    lines.truncate(limit as usize);
    let next = lines.last().filter(|_| more).map(mark);
    Ok(Page { lines, next })
}

pub(super) async fn last(store: &dyn Store, subject: &Subject) -> Result<Option<Line>, StoreError> {
    let query = Query::table(Table::Audit, subject.partition()).descending().limit(1);
    let row = store.query(&query).await?.rows.pop();
    row.map(from_row).transpose().map_err(|error| StoreError::Invalid(error.to_string()))
}

/// Recomputes the chain of a subject; the number of its first line that is not as it was written, if any.
pub async fn verify(store: &dyn Store, subject: &Subject) -> Result<Option<u64>, Failure> {
    let mut query = Query::table(Table::Audit, subject.partition());
    let (mut seq, mut before) = (0, String::new());
    loop {
        let page = store.query(&query).await?;
        for row in page.rows {
            seq += 1;
            // What cannot be read was not written by us.
            let Ok(line) = from_row::<Line>(row) else { return Ok(Some(seq)) };
            if line.seq != seq || line.before != before || line.hash != line.hash_now() {
                return Ok(Some(seq));
            }
            before = line.hash;
        }
        match page.next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(None),
        }
    }
}
