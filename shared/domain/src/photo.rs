//! The state machine of one photo.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Reserved: number and upload ticket issued
//!     Reserved --> Uploaded: upload
//!     Reserved --> Purged: purge (the upload ticket expired unused)
//!     Uploaded --> Inspecting: begin
//!     Inspecting --> Inspecting: begin (the previous attempt did not end)
//!     Inspecting --> Passed: conclude
//!     Inspecting --> Failed: conclude
//!     Inspecting --> Unreadable: conclude
//!     Uploaded --> TimedOut: time out (180 s after the upload)
//!     Inspecting --> TimedOut: time out
//!     TimedOut --> TimedOut: conclude (the late result is kept and costs nothing)
//!     Passed --> Paid: pay
//!     Passed --> Purged: purge (six months after the upload)
//!     Failed --> Purged: purge
//!     TimedOut --> Purged: purge
//!     Unreadable --> Purged: purge
//!     Paid --> Purged: purge (six months after the payment)
//! ```

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::china_time;
use crate::refused::Refused;

/// How long after its upload a photo waits for its result.
pub const TIME_LIMIT: SignedDuration = SignedDuration::from_secs(180);

/// How long after the end of its ticket an upload can still become known: a file that was uploaded in the last second
/// has its event within this time.
pub const ARRIVAL_GRACE: SignedDuration = SignedDuration::from_secs(600);

/// How long a photo is kept, in calendar months: a paid one from its payment (manual 000, section 4), any other from
/// its upload.
pub const RETENTION_MONTHS: i32 = 6;

/// A photo in one of its states.
#[derive(Debug, Clone, PartialEq)]
pub enum Photo {
    /// The image number is reserved; no file was uploaded yet.
    Reserved {
        /// Until when the upload ticket can be used.
        ticket_expires_at: Timestamp,
    },
    /// 待检测: the file lies in the bucket.
    Uploaded {
        /// When the file was written to the bucket.
        uploaded_at: Timestamp,
    },
    /// 检测中.
    Inspecting {
        /// When the file was written to the bucket.
        uploaded_at: Timestamp,
        /// When the latest attempt began.
        began_at: Timestamp,
    },
    /// 检测合格, not paid yet.
    Passed {
        /// The inspection.
        inspected: Inspected,
    },
    /// 检测不合格.
    Failed {
        /// The inspection.
        inspected: Inspected,
    },
    /// The file could not be decoded. Shown as 检测不合格 with its reason.
    Unreadable {
        /// The inspection.
        inspected: Inspected,
    },
    /// 检测超时: there was no result within [`TIME_LIMIT`].
    TimedOut {
        /// When the file was written to the bucket.
        uploaded_at: Timestamp,
        /// The deadline: `uploaded_at` plus [`TIME_LIMIT`].
        timed_out_at: Timestamp,
        /// The result that came after the deadline.
        late: Option<Inspected>,
    },
    /// 检测合格 and paid: the standard photo and the receipt can be downloaded.
    Paid {
        /// The inspection.
        inspected: Inspected,
        /// When it was paid.
        paid_at: Timestamp,
    },
    /// No longer kept: objects and personal data are deleted.
    Purged,
}

/// An inspection that has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    /// When the file was written to the bucket.
    pub uploaded_at: Timestamp,
    /// When the inspection ended.
    pub at: Timestamp,
    /// Its result.
    pub result: Outcome,
}

/// The result of an inspection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// No blocking finding.
    Passed,
    /// At least one blocking finding.
    Failed,
    /// The file could not be decoded.
    Unreadable,
}

impl Photo {
    /// The name of the state, as stored and as the API shows it.
    pub const fn state(&self) -> &'static str {
        match self {
            Self::Reserved { .. } => "reserved",
            Self::Uploaded { .. } => "uploaded",
            Self::Inspecting { .. } => "inspecting",
            Self::Passed { .. } => "passed",
            Self::Failed { .. } => "failed",
            Self::Unreadable { .. } => "unreadable",
            Self::TimedOut { .. } => "timed-out",
            Self::Paid { .. } => "paid",
            Self::Purged => "purged",
        }
    }

    /// The file was written to the bucket at `uploaded_at`.
    ///
    /// # Errors
    ///
    /// Unless the state is `Reserved`.
    pub fn upload(self, uploaded_at: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Reserved { .. } => Ok(Self::Uploaded { uploaded_at }),
            other => Err(other.refuses("upload")),
        }
    }

    /// An attempt to inspect the photo begins.
    ///
    /// # Errors
    ///
    /// Unless the state is `Uploaded` or `Inspecting`, before the deadline.
    pub fn begin(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Uploaded { uploaded_at } | Self::Inspecting { uploaded_at, .. } if now < deadline(uploaded_at) => {
                Ok(Self::Inspecting { uploaded_at, began_at: now })
            }
            other => Err(other.refuses("begin")),
        }
    }

    /// The inspection ended with `result`. After the deadline the photo stays timed out and only keeps the result.
    ///
    /// # Errors
    ///
    /// Unless the state is `Inspecting`, or has timed out without a late result.
    pub fn conclude(self, result: Outcome, now: Timestamp) -> Result<Self, Refused> {
        match self.as_of(now) {
            Self::Inspecting { uploaded_at, .. } => {
                let inspected = Inspected { uploaded_at, at: now, result };
                Ok(match result {
                    Outcome::Passed => Self::Passed { inspected },
                    Outcome::Failed => Self::Failed { inspected },
                    Outcome::Unreadable => Self::Unreadable { inspected },
                })
            }
            Self::TimedOut { uploaded_at, timed_out_at, late: None } => {
                let late = Some(Inspected { uploaded_at, at: now, result });
                Ok(Self::TimedOut { uploaded_at, timed_out_at, late })
            }
            other => Err(other.refuses("conclude")),
        }
    }

    /// The deadline has passed without a result.
    ///
    /// # Errors
    ///
    /// Unless the state is `Uploaded` or `Inspecting`, and `now` is at or after the deadline.
    pub fn time_out(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Uploaded { uploaded_at } | Self::Inspecting { uploaded_at, .. } if now >= deadline(uploaded_at) => {
                Ok(Self::TimedOut { uploaded_at, timed_out_at: deadline(uploaded_at), late: None })
            }
            other => Err(other.refuses("time out")),
        }
    }

    /// The price was paid at `now`.
    ///
    /// # Errors
    ///
    /// Unless the state is `Passed`.
    pub fn pay(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Passed { inspected } => Ok(Self::Paid { inspected, paid_at: now }),
            other => Err(other.refuses("pay")),
        }
    }

    /// The photo is no longer kept.
    ///
    /// # Errors
    ///
    /// Unless `now` is at or after [`Self::keep_until`].
    pub fn purge(self, now: Timestamp) -> Result<Self, Refused> {
        match self.keep_until() {
            Some(end) if now >= end => Ok(Self::Purged),
            _ => Err(self.refuses("purge")),
        }
    }

    /// The photo at `now`: it has timed out at its deadline, even if that is not stored yet.
    #[must_use]
    pub fn as_of(self, now: Timestamp) -> Self {
        self.clone().time_out(now).unwrap_or(self)
    }

    /// When the photo has due work: its deadline, or the end of its retention. `None` after the purge.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Uploaded { uploaded_at } | Self::Inspecting { uploaded_at, .. } => Some(deadline(*uploaded_at)),
            _ => self.keep_until(),
        }
    }

    /// Until when the photo is kept; `None` while its inspection is open and after the purge.
    pub fn keep_until(&self) -> Option<Timestamp> {
        let months = |from: Timestamp| Some(china_time::months_later(from, RETENTION_MONTHS));
        match self {
            Self::Reserved { ticket_expires_at } => Some(*ticket_expires_at + ARRIVAL_GRACE),
            Self::Passed { inspected } | Self::Failed { inspected } | Self::Unreadable { inspected } => {
                months(inspected.uploaded_at)
            }
            Self::TimedOut { uploaded_at, .. } => months(*uploaded_at),
            Self::Paid { paid_at, .. } => months(*paid_at),
            Self::Uploaded { .. } | Self::Inspecting { .. } | Self::Purged => None,
        }
    }

    /// When the file was written to the bucket.
    pub const fn uploaded_at(&self) -> Option<Timestamp> {
        match self {
            Self::Uploaded { uploaded_at }
            | Self::Inspecting { uploaded_at, .. }
            | Self::TimedOut { uploaded_at, .. } => Some(*uploaded_at),
            Self::Passed { inspected }
            | Self::Failed { inspected }
            | Self::Unreadable { inspected }
            | Self::Paid { inspected, .. } => Some(inspected.uploaded_at),
            Self::Reserved { .. } | Self::Purged => None,
        }
    }

    /// The inspection, if it ended before the deadline.
    pub const fn inspected(&self) -> Option<&Inspected> {
        match self {
            Self::Passed { inspected }
            | Self::Failed { inspected }
            | Self::Unreadable { inspected }
            | Self::Paid { inspected, .. } => Some(inspected),
            _ => None,
        }
    }

    /// Whether the inspection has ended or timed out: a client can stop polling.
    pub const fn is_settled(&self) -> bool {
        !matches!(self, Self::Reserved { .. } | Self::Uploaded { .. } | Self::Inspecting { .. })
    }

    const fn refuses(&self, event: &'static str) -> Refused {
        Refused { machine: "photo", event, from: self.state() }
    }
}

fn deadline(uploaded_at: Timestamp) -> Timestamp {
    uploaded_at + TIME_LIMIT
}

#[cfg(test)]
#[path = "photo_tests.rs"]
mod tests;
