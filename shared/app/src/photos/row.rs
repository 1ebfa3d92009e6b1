//! The stored row of a photo.

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

/// A photo with everything that its submission said, as flat attributes of one row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PhotoRow {
    /// 图像号码.
    pub number: ImageNumber,
    /// The account that submitted the photo.
    pub owner: AccountId,
    /// Counts the writes of this row; 0 before the first.
    pub version: i64,
    /// 照片类型.
    pub card: Card,
    /// 相片规则.
    pub ruleset: Ruleset,
    /// 办证地区.
    pub region: Region,
    /// 支付方式.
    pub method: Method,
    /// 图像名称: the name of the file on the submitter's device. Cleared when the photo is purged.
    pub file_name: String,
    /// The price if the photo passes, in fen, frozen at the submission.
    pub price_fen: i64,
    /// When the photo was submitted.
    pub reserved_at: Timestamp,
    /// Until when the upload ticket can be used.
    pub ticket_expires_at: Timestamp,
    /// The findings for which the photo failed, the most actionable first. Cleared when the photo is purged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Finding>,
    #[serde(flatten)]
    pub(super) columns: StateColumns,
}

/// The attributes of all states that the photo has been in. They stay when the state changes, so that durations can be
/// computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StateColumns {
    state: String,
    uploaded_at: Option<Timestamp>,
    began_at: Option<Timestamp>,
    inspected_at: Option<Timestamp>,
    outcome: Option<Outcome>,
    timed_out_at: Option<Timestamp>,
    paid_at: Option<Timestamp>,
}

impl Default for StateColumns {
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
    /// The photo as it was written. Call [`Photo::as_of`] for its state at the current time.
    ///
    /// # Errors
    ///
    /// `Internal` if the attributes do not fit the state.
    pub fn photo(&self) -> Result<Photo, Failure> {
        let state = &self.columns.state;
        self.parse().ok_or_else(|| Failure::internal(format!("photo {} in state {state}", self.number)))
    }

    fn parse(&self) -> Option<Photo> {
        let StateColumns { uploaded_at, began_at, inspected_at, outcome, timed_out_at, paid_at, .. } = self.columns;
        let inspected = || Some(Inspected { uploaded_at: uploaded_at?, at: inspected_at?, result: outcome? });
        Some(match self.columns.state.as_str() {
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

    /// 检测时间: milliseconds from the upload to the end of the inspection; `None` before that.
    pub fn duration_ms(&self) -> Option<i64> {
        let waited = self.columns.inspected_at?.duration_since(self.columns.uploaded_at?);
        i64::try_from(waited.as_millis()).ok()
    }

    /// The row with the state of `photo`. Purging also clears the personal data.
    #[must_use]
    pub(super) fn with(mut self, photo: &Photo) -> Self {
        let columns = &mut self.columns;
        columns.state = photo.state().into();
        columns.uploaded_at = photo.uploaded_at().or(columns.uploaded_at);
        let mut ended = photo.inspected();
        match photo {
            Photo::Inspecting { began_at, .. } => columns.began_at = Some(*began_at),
            Photo::Paid { paid_at, .. } => columns.paid_at = Some(*paid_at),
            Photo::TimedOut { timed_out_at, late, .. } => {
                columns.timed_out_at = Some(*timed_out_at);
                ended = late.as_ref();
            }
            Photo::Purged => {
                self.file_name.clear();
                self.reasons.clear();
            }
            _ => {}
        }
        if let Some(inspected) = ended {
            columns.inspected_at = Some(inspected.at);
            columns.outcome = Some(inspected.result);
        }
        self
    }

    /// The change that writes the row with the next version. It conflicts if the stored version is not the one that was
    /// read.
    pub(super) fn write(self) -> Result<Change, Failure> {
        let due = self.photo()?.due_at();
        self.write_due(due)
    }

    /// As [`Self::write`], with another due time than that of the state.
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
