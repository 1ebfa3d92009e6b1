//! What can go wrong in the identity rooms, by what the caller can do about it.

use domain::Refused;
use domain::account::email_link::Void;
use jiff::SignedDuration;

use crate::captcha::CaptchaFailure;
use crate::limits::LimitFailure;
use crate::store::{MalformedRow, StoreError};

/// One refused field, by its name in the command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    pub field: &'static str,
    pub code: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Fields to correct.
    #[error("refused fields: {0:?}")]
    Fields(Vec<Fault>),
    /// The user name belongs to somebody.
    #[error("user name taken")]
    NameTaken,
    /// Name and password do not belong together, or there is no such account: the caller is not told which.
    #[error("wrong name or password")]
    WrongCredentials,
    /// Answer a captcha and try again.
    #[error("captcha needed")]
    CaptchaNeeded,
    #[error("captcha not solved")]
    CaptchaUnsolved,
    /// The code from the short message is wrong, used up, too late, or meant for something else.
    #[error("code wrong")]
    CodeWrong,
    /// The phone, just proven, belongs to an account already.
    #[error("phone bound to an account")]
    PhoneTaken,
    /// There is no phone to send a code to.
    #[error("no phone is bound")]
    PhoneNeeded,
    /// Prove who you are again before this.
    #[error("step-up needed")]
    StepUpNeeded,
    /// The link from the letter does nothing any more.
    #[error(transparent)]
    EmailLink(Void),
    /// No more addresses fit into the book.
    #[error("as many addresses as a person may keep")]
    AddressesFull,
    /// A step out of its order, or too late.
    #[error(transparent)]
    Refused(Refused),
    /// Too often: come back after this long.
    #[error("wait {0}")]
    Wait(SignedDuration),
    /// For staff only.
    #[error("not staff")]
    NotStaff,
    /// Something must be finished first; the code says what.
    #[error("{0}")]
    Unfinished(&'static str),
    /// Nobody decides about their own account.
    #[error("own account")]
    OwnAccount,
    /// A second factor is set up already.
    #[error("second factor set up already")]
    AlreadyEnrolled,
    /// No second factor is set up yet.
    #[error("no second factor yet")]
    NotEnrolled,
    /// Sign in again.
    #[error("the session is over")]
    SessionOver,
    #[error("not found")]
    NotFound,
    /// Somebody changed the same thing at the same time.
    #[error("changed meanwhile")]
    Changed,
    /// A message was not taken; bring it again.
    #[error("undelivered: {0}")]
    Undelivered(String),
    #[error(transparent)]
    Store(StoreError),
    /// What is stored cannot be read: a fault of ours.
    #[error("{0}")]
    Broken(String),
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Conflict { .. } => Self::Changed,
            error => Self::Store(error),
        }
    }
}

impl From<MalformedRow> for Failure {
    fn from(error: MalformedRow) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<Refused> for Failure {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}

impl From<LimitFailure> for Failure {
    fn from(failure: LimitFailure) -> Self {
        match failure {
            LimitFailure::Empty(wait) => Self::Wait(wait),
            LimitFailure::Store(error) => error.into(),
        }
    }
}

impl From<CaptchaFailure> for Failure {
    fn from(failure: CaptchaFailure) -> Self {
        match failure {
            CaptchaFailure::Unsolved => Self::CaptchaUnsolved,
            CaptchaFailure::Store(error) => error.into(),
        }
    }
}

impl From<crate::failure::Failure> for Failure {
    fn from(failure: crate::failure::Failure) -> Self {
        use crate::failure::Failure as Other;
        match failure {
            Other::Raced => Self::Changed,
            Other::NotFound => Self::NotFound,
            Other::Unavailable(cause) => Self::Store(StoreError::Unavailable(cause)),
            other => Self::Broken(other.to_string()),
        }
    }
}
