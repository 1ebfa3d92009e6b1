//! The life of one uploaded photo.
//!
//! ```mermaid
//! stateDiagram-v2
//!     [*] --> Reserved: number and upload ticket issued
//!     Reserved --> Uploaded: arrive
//!     Reserved --> Purged: purge (the ticket lapsed unused)
//!     Uploaded --> Inspecting: begin
//!     Inspecting --> Inspecting: begin (the worker before was lost)
//!     Inspecting --> Passed: conclude
//!     Inspecting --> Failed: conclude
//!     Inspecting --> Unreadable: conclude
//!     Uploaded --> TimedOut: time out (180 s after the upload)
//!     Inspecting --> TimedOut: time out
//!     TimedOut --> TimedOut: conclude (the late result is kept, nothing is charged)
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

/// How long after its upload a photo may wait for its result.
pub const TIME_LIMIT: SignedDuration = SignedDuration::from_secs(180);

/// An upload that used its ticket in the last second still gets its event within this time.
pub const ARRIVAL_GRACE: SignedDuration = SignedDuration::from_secs(600);

/// Manual 000, section 4: a paid photo can be queried for six months. The same holds for the others from their upload.
pub const RETENTION_MONTHS: i32 = 6;

#[derive(Debug, Clone, PartialEq)]
pub enum Photo {
    Reserved {
        ticket_expires_at: Timestamp,
    },
    Uploaded {
        uploaded_at: Timestamp,
    },
    Inspecting {
        uploaded_at: Timestamp,
        began_at: Timestamp,
    },
    Passed {
        inspected: Inspected,
    },
    Failed {
        inspected: Inspected,
    },
    /// The file could not be decoded at all. Shown as 检测不合格 with its reason.
    Unreadable {
        inspected: Inspected,
    },
    TimedOut {
        uploaded_at: Timestamp,
        timed_out_at: Timestamp,
        late: Option<Inspected>,
    },
    Paid {
        inspected: Inspected,
        paid_at: Timestamp,
    },
    Purged,
}

/// When an inspection happened and what it came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inspected {
    pub uploaded_at: Timestamp,
    pub at: Timestamp,
    pub result: Outcome,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    Passed,
    Failed,
    Unreadable,
}

impl Photo {
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

    /// The file lies in the bucket since `uploaded_at`.
    pub fn arrive(self, uploaded_at: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Reserved { .. } => Ok(Self::Uploaded { uploaded_at }),
            other => Err(other.refuses("arrive")),
        }
    }

    /// A worker takes the photo on, perhaps again after another was lost.
    pub fn begin(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Uploaded { uploaded_at } | Self::Inspecting { uploaded_at, .. } if now < deadline(uploaded_at) => {
                Ok(Self::Inspecting { uploaded_at, began_at: now })
            }
            other => Err(other.refuses("begin")),
        }
    }

    /// The inspection ended. Past the time limit the photo has timed out, whatever the result.
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

    pub fn time_out(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Uploaded { uploaded_at } | Self::Inspecting { uploaded_at, .. } if now >= deadline(uploaded_at) => {
                Ok(Self::TimedOut { uploaded_at, timed_out_at: deadline(uploaded_at), late: None })
            }
            other => Err(other.refuses("time out")),
        }
    }

    pub fn pay(self, now: Timestamp) -> Result<Self, Refused> {
        match self {
            Self::Passed { inspected } => Ok(Self::Paid { inspected, paid_at: now }),
            other => Err(other.refuses("pay")),
        }
    }

    /// The photo and its objects are no longer kept.
    pub fn purge(self, now: Timestamp) -> Result<Self, Refused> {
        match self.keep_until() {
            Some(end) if now >= end => Ok(Self::Purged),
            _ => Err(self.refuses("purge")),
        }
    }

    /// The photo as it stands at `now`, whether or not anyone has written its time-out down yet.
    #[must_use]
    pub fn as_of(self, now: Timestamp) -> Self {
        self.clone().time_out(now).unwrap_or(self)
    }

    /// When the photo must be looked at again even if nothing happens: its time-out, or its purge.
    pub fn due_at(&self) -> Option<Timestamp> {
        match self {
            Self::Uploaded { uploaded_at } | Self::Inspecting { uploaded_at, .. } => Some(deadline(*uploaded_at)),
            _ => self.keep_until(),
        }
    }

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

    /// What the inspection came to, if it ended in time.
    pub const fn inspected(&self) -> Option<&Inspected> {
        match self {
            Self::Passed { inspected }
            | Self::Failed { inspected }
            | Self::Unreadable { inspected }
            | Self::Paid { inspected, .. } => Some(inspected),
            _ => None,
        }
    }

    /// Nothing more happens without a person: the client may stop waiting.
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
