//! The list of an account's photos, newest first.

use std::collections::BTreeMap;

use domain::actor::AccountId;
use domain::card::Card;
use domain::photo::{ARRIVAL_GRACE, Photo};
use jiff::Timestamp;

use super::get::{PhotoView, visible};
use super::{PhotoRow, Photos, TICKET_LIFE, key};
use crate::failure::Failure;
use crate::store::{BY_OWNER, Cursor, Key, Query, Span, Table, from_row, sortable};

/// The most pages of rows that one call reads. If the filter rejects nearly all of them, the page is short and has a
/// cursor.
const PAGES_MAX: u32 = 10;

/// Sorts after every image number of the same instant.
const LAST: char = '~';

/// Which photos a list holds. An absent field allows everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Filter {
    /// 时间区间: uploaded at or after this instant. A photo without an upload counts from its submission.
    pub from: Option<Timestamp>,
    /// Uploaded before this instant.
    pub until: Option<Timestamp>,
    /// Names of states, see [`Photo::state`]; `passed` includes paid photos. Empty allows all.
    pub states: Vec<String>,
    /// Whether the photo is paid.
    pub paid: Option<bool>,
    /// 照片类型.
    pub card: Option<Card>,
}

/// One page of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoList {
    /// The photos, without their reports.
    pub photos: Vec<PhotoView>,
    /// The cursor of the next page: the sort key of the last row read. It is not sealed, because it holds nothing that
    /// the list does not show, and it is read as a place in the caller's own list.
    pub next: Option<String>,
}

impl Photos {
    /// One page of at most `limit` photos of `owner`. A page can be short and still have a cursor.
    ///
    /// # Errors
    ///
    /// `Invalid` with `cursor-invalid` if `after` is no cursor of this list; `Unavailable` or `Internal` from the store.
    pub async fn list(
        &self,
        owner: AccountId,
        filter: &Filter,
        limit: u32,
        after: Option<&str>,
    ) -> Result<PhotoList, Failure> {
        let now = self.clock.now();
        // The index is sorted by submission. An upload follows its submission within the validity of its ticket and a
        // grace.
        let upload_delay_max = TICKET_LIFE + ARRIVAL_GRACE;
        let from = filter.from.unwrap_or(Timestamp::UNIX_EPOCH).max(Timestamp::UNIX_EPOCH + upload_delay_max);
        let until = filter.until.unwrap_or(now);
        let (first, last) = (sortable(from - upload_delay_max), format!("{}#{LAST}", sortable(until)));
        let after = after.map(|sort_key| cursor(owner, sort_key, &first, &last)).transpose()?;
        let query = Query::index(Table::Photos, BY_OWNER, owner.to_string()).span(Span::Between(first, last));
        let mut query = query.descending().after(after);
        let mut photos = Vec::new();
        for _ in 0..PAGES_MAX {
            query = query.limit(limit - photos.len() as u32);
            let page = self.store.query(&query).await?;
            for row in page.rows {
                let row: PhotoRow = from_row(row)?;
                let view = visible(&row, now)?.map(|photo| PhotoView { row, photo, report: None });
                photos.extend(view.filter(|view| filter.matches(view)));
            }
            query = query.after(page.next);
            if query.after.is_none() || photos.len() as u32 >= limit {
                break;
            }
        }
        let next = query.after.and_then(|mut cursor| cursor.0.remove(BY_OWNER.sk));
        Ok(PhotoList { photos, next })
    }
}

/// The store's cursor for a sort key of the owner's list that lies between `first` and `last`.
fn cursor(owner: AccountId, sort_key: &str, first: &str, last: &str) -> Result<Cursor, Failure> {
    let within = Some(sort_key).filter(|sort_key| (first..=last).contains(sort_key));
    let number = within.and_then(|sort_key| sort_key.split_once('#')).and_then(|(_, number)| number.parse().ok());
    let number = number.ok_or(Failure::Invalid { field: "/cursor", code: "cursor-invalid" })?;
    let Key { pk, sk, .. } = key::photo_row(number);
    let attributes = [("pk", pk), ("sk", sk), (BY_OWNER.pk, owner.to_string()), (BY_OWNER.sk, sort_key.to_owned())];
    Ok(Cursor(BTreeMap::from(attributes.map(|(name, value)| (name.to_owned(), value)))))
}

impl Filter {
    /// Whether the list holds this photo.
    pub fn matches(&self, view: &PhotoView) -> bool {
        let state = match view.photo.state() {
            "paid" => "passed",
            state => state,
        };
        let at = view.photo.uploaded_at().unwrap_or(view.row.reserved_at);
        let paid = matches!(view.photo, Photo::Paid { .. });
        (self.states.is_empty() || self.states.iter().any(|wanted| wanted == state))
            && self.paid.is_none_or(|wanted| wanted == paid)
            && self.card.is_none_or(|card| card == view.row.card)
            && self.from.is_none_or(|from| at >= from)
            && self.until.is_none_or(|until| at < until)
    }
}
