//! 交易明细: the ledger as its customer reads it.

use domain::actor::AccountId;
use domain::china_time;
use domain::money::ledger::{Entry, Kind};
use jiff::civil::Date;

use crate::failure::Failure;
use crate::ledger::{owner_rows, page};
use crate::store::{Cursor, Query, Store};

/// The most pages of the store that are read to fill one page of entries.
const READS_MAX: usize = 20;
/// The most entries of one statement; a customer with more narrows it by date.
pub const ENTRIES_MAX: usize = 10_000;

/// Which entries to show; `None` leaves a criterion out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The whole number, as the customer typed it.
    pub order_no: Option<String>,
    /// What the entries record.
    pub kind: Option<Kind>,
    /// First day in China.
    pub from: Option<Date>,
    /// Last day in China.
    pub to: Option<Date>,
}

impl Filter {
    fn matches(&self, entry: &Entry) -> bool {
        let day = china_time::date(entry.at);
        entry.kind.is_shown()
            && self.kind.is_none_or(|kind| kind == entry.kind)
            && self.order_no.as_ref().is_none_or(|no| no == entry.order_no.as_str())
            && self.from.is_none_or(|from| day >= from)
            && self.to.is_none_or(|to| day <= to)
    }
}

/// One page of entries.
#[derive(Debug, Clone, PartialEq)]
pub struct EntryPage {
    /// Newest first.
    pub entries: Vec<Entry>,
    /// Where the next page begins; `None` after the last one.
    pub next: Option<Cursor>,
}

/// One page of at most `limit` entries. It can hold fewer and still have a next page.
///
/// # Errors
///
/// [`Failure::Unavailable`] if the store does not answer; [`Failure::Internal`] if a row is malformed.
pub async fn list(
    store: &dyn Store,
    owner: AccountId,
    filter: &Filter,
    limit: u32,
    after: Option<Cursor>,
) -> Result<EntryPage, Failure> {
    let mut query = ledger(owner).descending().after(after);
    let mut entries = Vec::new();
    for _ in 0..READS_MAX {
        let filled = u32::try_from(entries.len()).unwrap_or(limit);
        let (found, next) = page::<Entry>(store, &query.clone().limit(limit - filled)).await?;
        let past =
            found.last().is_some_and(|row| filter.from.is_some_and(|from| china_time::date(row.value.at) < from));
        entries.extend(found.into_iter().map(|row| row.value).filter(|entry| filter.matches(entry)));
        let full = entries.len() >= limit as usize;
        match next {
            Some(next) if !past && !full => query = query.after(Some(next)),
            next => return Ok(EntryPage { entries, next: if past { None } else { next } }),
        }
    }
    Ok(EntryPage { entries, next: query.after })
}

/// All entries that match the filter, oldest first, for a statement.
///
/// # Errors
///
/// `statement-too-long` (409) for more than [`ENTRIES_MAX`] entries; otherwise as [`list`].
pub async fn all(store: &dyn Store, owner: AccountId, filter: &Filter) -> Result<Vec<Entry>, Failure> {
    up_to(ENTRIES_MAX, store, owner, filter).await
}

pub(crate) async fn up_to(
    most: usize,
    store: &dyn Store,
    owner: AccountId,
    filter: &Filter,
) -> Result<Vec<Entry>, Failure> {
    let mut query = ledger(owner);
    let mut entries = Vec::new();
    loop {
        let (found, next) = page::<Entry>(store, &query).await?;
        entries.extend(found.into_iter().map(|row| row.value).filter(|entry| filter.matches(entry)));
        if entries.len() > most {
            return Err(Failure::Conflict { code: "statement-too-long" });
        }
        match next {
            Some(next) => query = query.after(Some(next)),
            None => return Ok(entries),
        }
    }
}

fn ledger(owner: AccountId) -> Query {
    owner_rows(owner, "LEDGER#")
}
