//! A photo as it is stored.

use domain::actor::AccountId;
use domain::card::Card;
use domain::finding::Finding;
use domain::image_number::ImageNumber;
use domain::money::order::Method;
use domain::photo::{Inspected, Outcome, Photo};
use domain::region::Region;
use domain::ruleset::Ruleset;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::key;
use crate::failure::Failure;
use crate::store::{BY_DUE, BY_OWNER, Change, sortable, to_row};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhotoRow {
    pub number: ImageNumber,
    pub owner: AccountId,
    /// 0 until it is written for the first time.
    pub version: i64,
    pub card: Card,
    pub ruleset: Ruleset,
    pub region: Region,
    pub method: Method,
    /// As the person's own device named it.
    pub file_name: String,
    /// What it costs if it passes, frozen at the submission.
    pub price_fen: i64,
    pub reserved_at: Timestamp,
    pub ticket_expires_at: Timestamp,
    /// Why it was refused, the most actionable first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Finding>,
    #[serde(flatten)]
    pub(super) life: Life,
}

/// The facts of every state the photo has been through, as flat attributes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Life {
    state: String,
    uploaded_at: Option<Timestamp>,
    began_at: Option<Timestamp>,
    inspected_at: Option<Timestamp>,
    outcome: Option<Outcome>,
    timed_out_at: Option<Timestamp>,
    paid_at: Option<Timestamp>,
}

impl Default for Life {
    fn default() -> Self {
        Self {
            state: "reserved".into(),
            uploaded_at: None,
            began_at: None,
            inspected_at: None,
            outcome: None,
            timed_out_at: None,
            paid_at: None,
        }
    }
}

impl PhotoRow {
    pub fn photo(&self) -> Result<Photo, Failure> {
        let state = &self.life.state;
        self.parse().ok_or_else(|| Failure::internal(format!("photo {} in state {state}", self.number)))
    }

    fn parse(&self) -> Option<Photo> {
        let Life { uploaded_at, began_at, inspected_at, outcome, timed_out_at, paid_at, .. } = self.life;
        let inspected = || Some(Inspected { uploaded_at: uploaded_at?, at: inspected_at?, result: outcome? });
        Some(match self.life.state.as_str() {
            "reserved" => Photo::Reserved { ticket_expires_at: self.ticket_expires_at },
            "uploaded" => Photo::Uploaded { uploaded_at: uploaded_at? },
            "inspecting" => Photo::Inspecting { uploaded_at: uploaded_at?, began_at: began_at? },
            "passed" => Photo::Passed { inspected: inspected()? },
            "failed" => Photo::Failed { inspected: inspected()? },
            "unreadable" => Photo::Unreadable { inspected: inspected()? },
            "paid" => Photo::Paid { inspected: inspected()?, paid_at: paid_at? },
            "purged" => Photo::Purged,
            "timed-out" => {
                Photo::TimedOut { uploaded_at: uploaded_at?, timed_out_at: timed_out_at?, late: inspected() }
            }
            _ => return None,
        })
    }

    /// From the upload to the end of the inspection, as the person waited.
    pub fn duration_ms(&self) -> Option<i64> {
        let waited = self.life.inspected_at?.duration_since(self.life.uploaded_at?);
        i64::try_from(waited.as_millis()).ok()
    }

    #[must_use]
    pub(super) fn with(mut self, photo: &Photo) -> Self {
        let life = &mut self.life;
        life.state = photo.state().into();
        life.uploaded_at = photo.uploaded_at().or(life.uploaded_at);
        let mut ended = photo.inspected();
        match photo {
            Photo::Inspecting { began_at, .. } => life.began_at = Some(*began_at),
            Photo::Paid { paid_at, .. } => life.paid_at = Some(*paid_at),
            Photo::TimedOut { timed_out_at, late, .. } => {
                life.timed_out_at = Some(*timed_out_at);
                ended = late.as_ref();
            }
            Photo::Purged => {
                self.file_name.clear();
                self.reasons.clear();
            }
            _ => {}
        }
        if let Some(inspected) = ended {
            life.inspected_at = Some(inspected.at);
            life.outcome = Some(inspected.result);
        }
        self
    }

    /// Writes the row over its present version, or as a new one.
    pub(super) fn write(self) -> Result<Change, Failure> {
        let due = self.photo()?.due_at();
        self.write_due(due)
    }

    /// As `write`, to be looked at again at an instant of the caller's.
    pub(super) fn write_due(mut self, due: Option<Timestamp>) -> Result<Change, Failure> {
        let before = self.version;
        self.version += 1;
        let mut row = to_row(&self)?;
        if self.photo()? != Photo::Purged {
            row.insert(BY_OWNER.sk.into(), format!("{}#{}", sortable(self.reserved_at), self.number).into());
        }
        if let Some(due) = due {
            row.insert(BY_DUE.pk.into(), key::DUE.into());
            row.insert(BY_DUE.sk.into(), sortable(due).into());
        }
        let put = Change::put(key::photo_row(self.number), row);
        Ok(if before == 0 { put.if_absent() } else { put.if_version(before) })
    }
}
