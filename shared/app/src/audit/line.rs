//! One line of the log, and what binds it to the line before.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::china_time;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Deed, Subject};
use crate::store::{Key, Table, sortable};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub subject: String,
    /// 1, 2, 3 … for each subject.
    pub seq: u64,
    pub at: Timestamp,
    pub by: String,
    pub request_id: String,
    pub what: String,
    pub why: String,
    /// JSON as it was hashed: a text keeps its bytes where a map may not.
    pub facts: String,
    /// The hash of the line before; empty for the first.
    pub before: String,
    pub hash: String,
    /// The day in China, and the order within it: what the indexes read.
    pub day: String,
    pub sort: String,
}

impl Line {
    pub(super) fn after(last: Option<&Self>, deed: &Deed<'_>, now: Timestamp) -> Self {
        let mut line = Self {
            subject: deed.subject.as_str().to_owned(),
            seq: last.map_or(1, |last| last.seq + 1),
            at: now,
            by: deed.by.by.clone(),
            request_id: deed.by.request_id.clone(),
            what: deed.what.to_owned(),
            why: deed.why.as_str().to_owned(),
            facts: deed.facts.to_string(),
            before: last.map_or_else(String::new, |last| last.hash.clone()),
            hash: String::new(),
            day: china_time::local(now).date().to_string(),
            sort: String::new(),
        };
        line.hash = line.hash_now();
        line.sort = format!("{}#{}", sortable(now), &line.hash[..12]);
        line
    }

    /// Over everything that a reader is told.
    pub(super) fn hash_now(&self) -> String {
        let seq = self.seq.to_string();
        let at = self.at.to_string();
        let told =
            [&self.before, &self.subject, &seq, &at, &self.by, &self.request_id, &self.what, &self.why, &self.facts];
        // An array of texts: no two different lines are written the same.
        let text = serde_json::Value::from_iter(told.map(String::as_str)).to_string();
        URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
    }

    pub(super) fn key(&self) -> Key {
        Key::new(Table::Audit, partition(&self.subject), format!("{:020}", self.seq))
    }
}

pub(super) fn partition(subject: &str) -> String {
    format!("SUBJECT#{subject}")
}

impl Subject {
    pub(super) fn partition(&self) -> String {
        partition(self.as_str())
    }
}
