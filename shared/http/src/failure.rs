//! From a use case's failure to a problem. The cause goes to the log, never to the client.

use app::accounts::AccountError;
use app::failure::Failure;
use axum::http::StatusCode;
use domain::account::email_link::InvalidLink;
use domain::money::Fen;

use crate::Problem;

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::NotFound => Self::not_found(),
            Failure::Invalid { field, code } => Self::invalid().field(field, code),
            Failure::Conflict { code } => Self::new(StatusCode::CONFLICT, code),
            Failure::Short { available, needed } => Self::new(StatusCode::PAYMENT_REQUIRED, "balance-too-low")
                .fact("available", Fen::new(available).decimal())
                .fact("needed", Fen::new(needed).decimal()),
            Failure::KeyReused => Self::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
            Failure::Raced => Self::new(StatusCode::CONFLICT, "conflict"),
            Failure::Unavailable(cause) => Self::unavailable(cause),
            Failure::Internal(cause) => Self::internal(cause),
        }
    }
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Fields(errors) => errors
                .iter()
                .fold(Self::invalid(), |problem, error| problem.field(format!("/{}", error.field), error.code)),
            AccountError::NameTaken => {
                Self::new(StatusCode::CONFLICT, "user-name-taken").field("/userName", "user-name-taken")
            }
            AccountError::WrongCredentials => Self::new(StatusCode::UNAUTHORIZED, "credentials-wrong"),
            AccountError::CaptchaNeeded => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "captcha-needed").field("/captcha", "captcha-needed")
            }
            AccountError::CaptchaUnsolved => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "captcha-wrong").field("/captcha/answer", "captcha-wrong")
            }
            AccountError::Wait(wait) => {
                // Rounded up, so that a client that waits this long is accepted.
                let seconds = u64::try_from(wait.as_secs()).unwrap_or(0) + u64::from(wait.subsec_nanos() > 0);
                Self::too_many_requests(seconds.max(1))
            }
            AccountError::CodeWrong => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "code-wrong").field("/code", "code-wrong")
            }
            AccountError::PhoneTaken => Self::new(StatusCode::CONFLICT, "phone-taken").field("/phone", "phone-taken"),
            AccountError::PhoneNeeded => Self::new(StatusCode::CONFLICT, "phone-needed"),
            AccountError::StepUpNeeded => Self::new(StatusCode::FORBIDDEN, "step-up-needed"),
            AccountError::EmailLink(InvalidLink::Unknown) => Self::new(StatusCode::NOT_FOUND, "email-link-unknown"),
            AccountError::EmailLink(InvalidLink::Used) => Self::new(StatusCode::CONFLICT, "email-link-used"),
            AccountError::EmailLink(InvalidLink::Expired) => Self::new(StatusCode::CONFLICT, "email-link-expired"),
            AccountError::AddressesFull => Self::new(StatusCode::CONFLICT, "addresses-full"),
            AccountError::Refused(refused) => Self::new(StatusCode::CONFLICT, "step-out-of-order").because(refused),
            AccountError::NotStaff => Self::forbidden(),
            AccountError::ClosureBlocked(code) => Self::new(StatusCode::CONFLICT, code),
            AccountError::OwnAccount => Self::new(StatusCode::FORBIDDEN, "own-account"),
            AccountError::AlreadyEnrolled => Self::new(StatusCode::CONFLICT, "second-factor-enrolled"),
            AccountError::NotEnrolled => Self::new(StatusCode::CONFLICT, "second-factor-missing"),
            AccountError::SessionOver => Self::new(StatusCode::UNAUTHORIZED, "session-over"),
            AccountError::Other(failure) => failure.into(),
        }
    }
}
