//! Why a use case failed.

use crate::sealing::SealingError;
use crate::store::{MalformedRow, StoreError};

/// The error of every use case. Accounts add their own cases in `accounts::AccountError`.
///
/// Codes are stable and part of the API. Causes go to our log and never to a client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// It does not exist, or it belongs to another account: a client cannot tell the two apart.
    #[error("not found")]
    NotFound,
    /// A field of the request breaks a rule.
    #[error("{field}: {code}")]
    Invalid {
        /// A JSON pointer into the request, e.g. `/why`.
        field: &'static str,
        /// The rule, e.g. `field-missing`.
        code: &'static str,
    },
    /// The present state does not allow it.
    #[error("{code}")]
    Conflict {
        /// The reason, e.g. `order-closed`.
        code: &'static str,
    },
    /// 账户余额不足: the wallet's balance is too low.
    #[error("{available} fen are available, {needed} are needed")]
    Short {
        /// The available balance, fen.
        available: i64,
        /// The amount to pay, fen.
        needed: i64,
    },
    /// The idempotency key was used before for another request.
    #[error("the idempotency key names another request")]
    KeyReused,
    /// A concurrent writer changed the same row first; nothing was written.
    #[error("raced")]
    Raced,
    /// Throttled, or a service does not answer. The client can send the same request again.
    #[error("unavailable: {0}")]
    Unavailable(String),
    /// A fault of ours.
    #[error("internal: {0}")]
    Internal(String),
}

impl Failure {
    /// [`Failure::Internal`] with the text of `cause`.
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

/// Errors that are always a fault of ours.
macro_rules! internal {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::internal(error)
            }
        })+
    };
}

internal!(MalformedRow, SealingError, domain::money::fen::Overflow, domain::money::ledger::Unbalanced);
