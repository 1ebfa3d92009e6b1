//! The states of an invoice, and the states that the customer sees.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// The state of an invoice. `at` is the instant at which the invoice entered it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case", rename_all_fields = "camelCase")]
pub enum State {
    /// The application waits for a decision of staff.
    Applied {
        /// Since when.
        at: Timestamp,
    },
    /// Staff approved the application; the provider has not issued the document yet.
    Issuing {
        /// Since when.
        at: Timestamp,
        /// The account that approved it.
        by: String,
    },
    /// The document is issued.
    Succeeded {
        /// Since when.
        at: Timestamp,
        /// The document.
        issued: IssuedDocument,
        /// Why the provider refused to reverse the document, if that was tried. For staff.
        reversal_refused: Option<String>,
    },
    /// Staff rejected the application, or the provider refused to issue the document.
    Failed {
        /// Since when.
        at: Timestamp,
        /// The reason.
        #[serde(rename = "why")]
        failure: FailureReason,
    },
    /// 撤销: the customer withdrew the application.
    Withdrawn {
        /// Since when.
        at: Timestamp,
    },
    /// 删除: the customer deleted the failed application.
    Deleted {
        /// Since when.
        at: Timestamp,
    },
    /// 冲红: staff requested the reversal; the provider has not issued the red invoice yet.
    Reversing {
        /// Since when.
        at: Timestamp,
        /// The document that is reversed.
        issued: IssuedDocument,
        /// Why it is reversed; printed on the red invoice.
        reason: String,
        /// The account that requested the reversal.
        by: String,
    },
    /// 已冲红: a red invoice cancels the document.
    Reversed {
        /// Since when.
        at: Timestamp,
        /// The cancelled document.
        issued: IssuedDocument,
        /// The red invoice.
        red: RedInvoice,
    },
}

/// Why an application failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FailureReason {
    /// Staff rejected it.
    Rejected {
        /// The reason, shown to the customer.
        reason: String,
        /// The account that rejected it.
        by: String,
    },
    /// The provider refused to issue the document.
    Refused {
        /// The provider's message. For staff.
        cause: String,
    },
}

/// An issued invoice document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct IssuedDocument {
    /// 发票号码: twenty digits, assigned by the tax authority.
    pub fiscal_no: String,
    /// 开票日期.
    pub issued_at: Timestamp,
    /// The file of the document.
    pub file: StoredFile,
}

/// A file in the bucket of invoices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredFile {
    /// The object key.
    pub key: String,
    /// `application/pdf` or `application/ofd`.
    pub media_type: String,
    /// The size in bytes.
    pub bytes: u64,
}

/// 红字发票: an invoice that cancels another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RedInvoice {
    /// 发票号码.
    pub fiscal_no: String,
    /// 开票日期.
    pub issued_at: Timestamp,
}

/// 申请状态: the state that the customer sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CustomerState {
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

impl CustomerState {
    /// All states, in the order of the list filter.
    pub const ALL: [Self; 5] = [Self::Applying, Self::Succeeded, Self::Failed, Self::Withdrawn, Self::Reversed];

    /// The code in requests and responses.
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
    /// The name of the state in rows and log entries.
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

    /// When the invoice entered the state.
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

    /// The state that the customer sees; `None` for a deleted application, which is hidden.
    pub const fn customer_state(&self) -> Option<CustomerState> {
        match self {
            Self::Applied { .. } | Self::Issuing { .. } => Some(CustomerState::Applying),
            Self::Succeeded { .. } | Self::Reversing { .. } => Some(CustomerState::Succeeded),
            Self::Failed { .. } => Some(CustomerState::Failed),
            Self::Withdrawn { .. } => Some(CustomerState::Withdrawn),
            Self::Reversed { .. } => Some(CustomerState::Reversed),
            Self::Deleted { .. } => None,
        }
    }

    /// The document, if one was issued.
    pub const fn issued(&self) -> Option<&IssuedDocument> {
        match self {
            Self::Succeeded { issued, .. } | Self::Reversing { issued, .. } | Self::Reversed { issued, .. } => {
                Some(issued)
            }
            _ => None,
        }
    }
}
