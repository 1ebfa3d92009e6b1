//! Why a use case did not do what it was asked.

use crate::store::{MalformedRow, StoreError};

/// Codes are stable and made for programs; causes are for our log and never for a client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There is none, or it is another's: the two look the same from outside.
    #[error("not found")]
    NotFound,
    /// A field of the request breaks a rule.
    #[error("{field}: {code}")]
    Invalid { field: &'static str, code: &'static str },
    /// It cannot be done to the thing as it is now.
    #[error("{code}")]
    Conflict { code: &'static str },
    /// 账户余额不足, in fen.
    #[error("{available} fen are available, {needed} are needed")]
    Short { available: i64, needed: i64 },
    /// The command's key was used before for something else.
    #[error("the idempotency key names another request")]
    KeyReused,
    /// Somebody else was faster; nothing was written. Use cases try again and never hand this to a caller.
    #[error("raced")]
    Raced,
    /// Too many at once, or a neighbour does not answer: the same request may be sent again.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl Failure {
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Internal(cause.to_string())
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Raced,
            StoreError::Invalid(_) => Self::Internal(error.to_string()),
            StoreError::Throttled | StoreError::Unavailable(_) | StoreError::Unknown(_) => {
                Self::Unavailable(error.to_string())
            }
        }
    }
}

impl From<MalformedRow> for Failure {
    fn from(error: MalformedRow) -> Self {
        Self::internal(error)
    }
}

impl From<domain::money::fen::Overflow> for Failure {
    fn from(error: domain::money::fen::Overflow) -> Self {
        Self::internal(error)
    }
}

impl From<domain::money::ledger::Unbalanced> for Failure {
    fn from(error: domain::money::ledger::Unbalanced) -> Self {
        Self::internal(error)
    }
}
