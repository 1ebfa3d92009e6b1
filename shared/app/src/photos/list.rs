//! An account's photos, newest first.

use domain::actor::AccountId;
use domain::card::Card;
use jiff::Timestamp;

use super::get::{Seen, visible};
use super::{PhotoRow, Photos};
use crate::failure::Failure;
use crate::store::{BY_OWNER, Cursor, Query, Span, Table, from_row, sortable};

/// A filter that matches little gives up its page after reading this many pages of rows, and says where to go on.
const PAGES_MAX: u32 = 10;

/// Sorts behind every number of the same instant.
const LAST: char = '~';

/// What a listed photo must be; an absent field allows everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    pub from: Option<Timestamp>,
    /// Not included.
    pub until: Option<Timestamp>,
    /// State names; `passed` includes paid ones.
    pub states: Vec<String>,
    pub card: Option<Card>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Without their reports.
    pub photos: Vec<Seen>,
    pub next: Option<Cursor>,
}

impl Photos {
    pub async fn list(
        &self,
        owner: AccountId,
        filter: &Filter,
        limit: u32,
        after: Option<Cursor>,
    ) -> Result<Listed, Failure> {
        let now = self.clock.now().await;
        let from = filter.from.unwrap_or(Timestamp::UNIX_EPOCH);
        let until = filter.until.unwrap_or(now);
        let span = Span::Between(sortable(from), format!("{}#{LAST}", sortable(until)));
        let mut query = Query::index(Table::Photos, BY_OWNER, owner.to_string()).span(span).descending().after(after);
        let mut photos = Vec::new();
        for _ in 0..PAGES_MAX {
            query = query.limit(limit - photos.len() as u32);
            let page = self.store.query(&query).await?;
            for row in page.rows {
                let row: PhotoRow = from_row(row)?;
                let photo = visible(&row, now)?;
                photos.extend(photo.map(|photo| Seen { row, photo, report: None }).filter(|seen| filter.matches(seen)));
            }
            query = query.after(page.next);
            if query.after.is_none() || photos.len() as u32 >= limit {
                break;
            }
        }
        Ok(Listed { photos, next: query.after })
    }
}

impl Filter {
    fn matches(&self, seen: &Seen) -> bool {
        let state = match seen.photo.state() {
            "paid" => "passed",
            state => state,
        };
        let at = seen.row.reserved_at;
        (self.states.is_empty() || self.states.iter().any(|wanted| wanted == state))
            && self.card.is_none_or(|card| card == seen.row.card)
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
    }
}
