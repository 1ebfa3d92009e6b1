//! One entry of the log, and the hash that binds it to the entry before.

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::china_time;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AuditAction, Subject};
use crate::store::{Key, Table, sortable};

/// One entry, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// `<kind>/<id>`, see [`Subject`].
    pub subject: String,
    /// The position in the subject's chain: 1, 2, 3 …
    pub seq: u64,
    /// When the action was done.
    pub at: Timestamp,
    /// Who did it: an account's id, `operator/<name>` or `system/<job>`.
    pub by: String,
    /// The request in which it was done, as in the log.
    pub request_id: String,
    /// The action's stable name, e.g. `coupon-freeze`.
    pub what: String,
    /// The reason given.
    pub why: String,
    /// JSON text, exactly as it was hashed: parsing and writing it again could change its bytes.
    pub facts: String,
    /// The hash of the entry before; empty for the first.
    pub before: String,
    /// SHA-256 over the fields above, base64url without padding.
    pub hash: String,
    /// The day in China, `2026-03-01`: the partition of the index by day.
    pub day: String,
    /// The order within the indexes: the instant and a part of the hash.
    pub sort: String,
}

impl AuditEntry {
    /// The entry of `action`, next in its chain after `last`.
    pub(super) fn after(last: Option<&Self>, action: &AuditAction<'_>, now: Timestamp) -> Self {
        let mut entry = Self {
            subject: action.subject.as_str().to_owned(),
            seq: last.map_or(1, |last| last.seq + 1),
            at: now,
            by: action.by.id.clone(),
            request_id: action.by.request_id.clone(),
            what: action.what.to_owned(),
            why: action.why.as_str().to_owned(),
            facts: action.facts.to_string(),
            before: last.map_or_else(String::new, |last| last.hash.clone()),
            hash: String::new(),
            day: china_time::local(now).date().to_string(),
            sort: String::new(),
        };
        entry.hash = entry.compute_hash();
        entry.sort = format!("{}#{}", sortable(now), &entry.hash[..12]);
        entry
    }

    /// The hash over every field that a reader sees.
    pub(super) fn compute_hash(&self) -> String {
        let seq = self.seq.to_string();
        let at = self.at.to_string();
        let fields =
            [&self.before, &self.subject, &seq, &at, &self.by, &self.request_id, &self.what, &self.why, &self.facts];
        // A JSON array of texts: two different entries never have the same form.
        let text = serde_json::Value::from_iter(fields.map(String::as_str)).to_string();
        URL_SAFE_NO_PAD.encode(digest(&SHA256, text.as_bytes()))
    }

    pub(super) fn key(&self) -> Key {
        Key::new(Table::Audit, partition(&self.subject), format!("{:020}", self.seq))
    }
}

fn partition(subject: &str) -> String {
    format!("SUBJECT#{subject}")
}

impl Subject {
    pub(super) fn partition(&self) -> String {
        partition(self.as_str())
    }
}
