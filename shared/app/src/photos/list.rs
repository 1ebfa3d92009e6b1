//! An account's photos, newest first.

use std::collections::BTreeMap;

use domain::actor::AccountId;
use domain::card::Card;
use domain::photo::{ARRIVAL_GRACE, Photo};
use jiff::Timestamp;

use super::get::{Seen, visible};
use super::{PhotoRow, Photos, TICKET_LIFE, key};
use crate::failure::Failure;
use crate::store::{BY_OWNER, Cursor, Key, Query, Span, Table, from_row, sortable};

/// A filter that matches little gives up its page after reading this many pages of rows, and says where to go on.
const PAGES_MAX: u32 = 10;

/// Sorts behind every number of the same instant.
const LAST: char = '~';

/// What a listed photo must be; an absent field allows everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// 时间区间 is one of uploads; a photo not uploaded yet counts from its submission.
    pub from: Option<Timestamp>,
    /// Not included.
    pub until: Option<Timestamp>,
    /// State names; `passed` includes paid ones.
    pub states: Vec<String>,
    /// Paid for, or not.
    pub paid: Option<bool>,
    pub card: Option<Card>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Without their reports.
    pub photos: Vec<Seen>,
    /// Where the next page starts. It says nothing that the list does not, and works on the owner's list alone.
    pub next: Option<String>,
}

impl Photos {
    pub async fn list(
        &self,
        owner: AccountId,
        filter: &Filter,
        limit: u32,
        after: Option<&str>,
    ) -> Result<Listed, Failure> {
        let now = self.clock.now();
        // The index is in the order of submissions; an upload follows its own within the ticket's life and a grace.
        let follows = TICKET_LIFE + ARRIVAL_GRACE;
        let from = filter.from.unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH + follows) - follows;
        let until = filter.until.unwrap_or(now);
        let (first, last) = (sortable(from), format!("{}#{LAST}", sortable(until)));
        let after = after.map(|place| cursor(owner, place, &first, &last)).transpose()?;
        let query = Query::index(Table::Photos, BY_OWNER, owner.to_string()).span(Span::Between(first, last));
        let mut query = query.descending().after(after);
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
        let next = query.after.and_then(|mut cursor| cursor.0.remove(BY_OWNER.sk));
        Ok(Listed { photos, next })
    }
}

/// A place in the owner's list between its ends: no page of it names another.
fn cursor(owner: AccountId, place: &str, first: &str, last: &str) -> Result<Cursor, Failure> {
    let within = Some(place).filter(|place| (first..=last).contains(place));
    let number = within.and_then(|place| place.split_once('#')).and_then(|(_, number)| number.parse().ok());
    let number = number.ok_or(Failure::Invalid { field: "/cursor", code: "cursor-invalid" })?;
    let Key { pk, sk, .. } = key::photo_row(number);
    let place = [("pk", pk), ("sk", sk), (BY_OWNER.pk, owner.to_string()), (BY_OWNER.sk, place.to_owned())];
    Ok(Cursor(BTreeMap::from(place.map(|(name, value)| (name.to_owned(), value)))))
}

impl Filter {
    pub fn matches(&self, seen: &Seen) -> bool {
        let state = match seen.photo.state() {
            "paid" => "passed",
            state => state,
        };
        let at = seen.photo.uploaded_at().unwrap_or(seen.row.reserved_at);
        let paid = matches!(seen.photo, Photo::Paid { .. });
        (self.states.is_empty() || self.states.iter().any(|wanted| wanted == state))
            && self.paid.is_none_or(|wanted| wanted == paid)
            && self.card.is_none_or(|card| card == seen.row.card)
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
    }
}
