//! The states of an invoice with their facts, and what the customer is told of them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    /// Waits for a person's decision.
    Applied {
        at: Timestamp,
    },
    /// Approved by `by`; the provider is at it.
    Issuing {
        at: Timestamp,
        by: String,
    },
    Succeeded {
        at: Timestamp,
        issued: Issued,
        /// Why the provider would not take it back, if that was tried; for the staff.
        reversal_refused: Option<String>,
    },
    Failed {
        at: Timestamp,
        why: Why,
    },
    Withdrawn {
        at: Timestamp,
    },
    Deleted {
        at: Timestamp,
    },
    /// The provider is taking it back.
    Reversing {
        at: Timestamp,
        issued: Issued,
        reason: String,
        by: String,
    },
    Reversed {
        at: Timestamp,
        issued: Issued,
        red: Red,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Why {
    /// A person said no; the reason is shown to the customer.
    Rejected { reason: String, by: String },
    /// The provider said no; the cause is for the staff.
    Refused { cause: String },
}

/// The tax document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Issued {
    /// 发票号码: twenty digits of the tax authority.
    pub fiscal_no: String,
    pub issued_at: Timestamp,
    pub file: StoredFile,
}

/// A file of ours in a bucket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredFile {
    pub key: String,
    pub media_type: String,
    pub bytes: u64,
}

/// 红字发票: what took an invoice back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Red {
    pub fiscal_no: String,
    pub issued_at: Timestamp,
}

/// 申请状态, as the customer sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shown {
    /// 申请中
    Applying,
    /// 申请成功
    Succeeded,
    /// 申请失败
    Failed,
    /// 已撤销
    Withdrawn,
    /// 已冲红
    Reversed,
}

impl Shown {
    pub const ALL: [Self; 5] = [Self::Applying, Self::Succeeded, Self::Failed, Self::Withdrawn, Self::Reversed];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Applying => "applying",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Withdrawn => "withdrawn",
            Self::Reversed => "reversed",
        }
    }
}

impl State {
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Applied { .. } => "applied",
            Self::Issuing { .. } => "issuing",
            Self::Succeeded { .. } => "succeeded",
            Self::Failed { .. } => "failed",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Deleted { .. } => "deleted",
            Self::Reversing { .. } => "reversing",
            Self::Reversed { .. } => "reversed",
        }
    }

    /// When it came into this state.
    pub const fn since(&self) -> Timestamp {
        match self {
            Self::Applied { at }
            | Self::Issuing { at, .. }
            | Self::Succeeded { at, .. }
            | Self::Failed { at, .. }
            | Self::Withdrawn { at }
            | Self::Deleted { at }
            | Self::Reversing { at, .. }
            | Self::Reversed { at, .. } => *at,
        }
    }

    /// Nothing of a deleted invoice is shown.
    pub const fn shown(&self) -> Option<Shown> {
        match self {
            Self::Applied { .. } | Self::Issuing { .. } => Some(Shown::Applying),
            Self::Succeeded { .. } | Self::Reversing { .. } => Some(Shown::Succeeded),
            Self::Failed { .. } => Some(Shown::Failed),
            Self::Withdrawn { .. } => Some(Shown::Withdrawn),
            Self::Reversed { .. } => Some(Shown::Reversed),
            Self::Deleted { .. } => None,
        }
    }

    /// The document, once there is one.
    pub const fn issued(&self) -> Option<&Issued> {
        match self {
            Self::Succeeded { issued, .. } | Self::Reversing { issued, .. } | Self::Reversed { issued, .. } => {
                Some(issued)
            }
            _ => None,
        }
    }
}
