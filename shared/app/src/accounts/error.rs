//! The errors of the account use cases.

use domain::Refused;
use domain::account::email_link::InvalidLink;
use jiff::SignedDuration;

use super::DataKeyError;
use crate::captcha::CaptchaError;
use crate::failure::Failure;
use crate::messages::MessageError;
use crate::rate_limit::RateLimitError;
use crate::sealing::SealingError;
use crate::store::{MalformedRow, StoreError};

/// One refused field of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name in the command, in camel case.
    pub field: &'static str,
    /// The broken rule; it has a text in every language.
    pub code: &'static str,
}

/// Why an account use case failed: its own cases, and those it shares with all use cases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Fields to correct.
    #[error("refused fields: {0:?}")]
    Fields(Vec<FieldError>),
    /// Another account has the user name.
    #[error("user name taken")]
    NameTaken,
    /// The password is wrong or the account does not exist; a client cannot tell which.
    #[error("wrong name or password")]
    WrongCredentials,
    /// The request needs a captcha answer.
    #[error("captcha needed")]
    CaptchaNeeded,
    /// The captcha answer is wrong, used or expired.
    #[error("captcha not solved")]
    CaptchaUnsolved,
    /// The SMS code is wrong, used, expired, or was sent for another purpose.
    #[error("code wrong")]
    CodeWrong,
    /// The phone, just proven, is bound to another account.
    #[error("phone bound to an account")]
    PhoneTaken,
    /// The account has no phone to send a code to.
    #[error("no phone is bound")]
    PhoneNeeded,
    /// The request needs a step-up token for its purpose.
    #[error("step-up needed")]
    StepUpNeeded,
    /// The link from the e-mail is used, expired or unknown.
    #[error(transparent)]
    EmailLink(InvalidLink),
    /// The account has the most addresses it can have.
    #[error("the address book is full")]
    AddressesFull,
    /// A step out of its order, or too late.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A rate limit or quota is used up for this long.
    #[error("wait {0}")]
    Wait(SignedDuration),
    /// The use case is for staff.
    #[error("not staff")]
    NotStaff,
    /// The account cannot be closed yet. The code says what must be finished first, e.g. `account-has-balance`.
    #[error("{0}")]
    ClosureBlocked(&'static str),
    /// Staff cannot change the roles or the second factor of their own account.
    #[error("own account")]
    OwnAccount,
    /// A second factor is set up already.
    #[error("second factor set up already")]
    AlreadyEnrolled,
    /// No second factor is set up yet.
    #[error("no second factor yet")]
    NotEnrolled,
    /// The session has ended; the person must sign in again.
    #[error("the session is over")]
    SessionOver,
    /// A case that every use case can have.
    #[error(transparent)]
    Other(#[from] Failure),
}

impl AccountError {
    pub(super) fn field(field: &'static str, code: &'static str) -> Self {
        Self::Fields(vec![FieldError { field, code }])
    }

    pub(super) fn internal(cause: impl std::fmt::Display) -> Self {
        Self::Other(Failure::internal(cause))
    }
}

/// For callers that only log: the account cases become internal errors.
impl From<AccountError> for Failure {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Other(failure) => failure,
            error => Self::internal(error),
        }
    }
}

/// Errors that [`Failure`] knows already.
macro_rules! shared {
    ($($error:ty),+ $(,)?) => {
        $(impl From<$error> for AccountError {
            fn from(error: $error) -> Self {
                Self::Other(error.into())
            }
        })+
    };
}

shared!(StoreError, MalformedRow, SealingError, MessageError, DataKeyError);

impl From<RateLimitError> for AccountError {
    fn from(failure: RateLimitError) -> Self {
        match failure {
            RateLimitError::Exceeded(wait) => Self::Wait(wait),
            RateLimitError::Store(error) => error.into(),
        }
    }
}

impl From<CaptchaError> for AccountError {
    fn from(error: CaptchaError) -> Self {
        match error {
            CaptchaError::Unsolved => Self::CaptchaUnsolved,
            CaptchaError::Store(error) => error.into(),
        }
    }
}
