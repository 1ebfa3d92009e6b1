//! From a use case's failure to an answer. The cause goes to the log, never to the client.

use app::accounts::Failure as Identity;
use app::failure::Failure;
use app::store::StoreError;
use axum::http::StatusCode;
use domain::account::email_link::Void;
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

impl From<Identity> for Problem {
    fn from(failure: Identity) -> Self {
        match failure {
            Identity::Fields(faults) => faults
                .iter()
                .fold(Self::invalid(), |problem, fault| problem.field(format!("/{}", fault.field), fault.code)),
            Identity::NameTaken => {
                Self::new(StatusCode::CONFLICT, "user-name-taken").field("/userName", "user-name-taken")
            }
            Identity::WrongCredentials => Self::new(StatusCode::UNAUTHORIZED, "credentials-wrong"),
            Identity::CaptchaNeeded => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "captcha-needed").field("/captcha", "captcha-needed")
            }
            Identity::CaptchaUnsolved => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "captcha-wrong").field("/captcha/answer", "captcha-wrong")
            }
            Identity::Wait(wait) => {
                // Rounded up: coming back as told must work.
                let seconds = u64::try_from(wait.as_secs()).unwrap_or(0) + u64::from(wait.subsec_nanos() > 0);
                Self::too_many(seconds.max(1))
            }
            Identity::CodeWrong => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, "code-wrong").field("/code", "code-wrong")
            }
            Identity::PhoneTaken => Self::new(StatusCode::CONFLICT, "phone-taken").field("/phone", "phone-taken"),
            Identity::PhoneNeeded => Self::new(StatusCode::CONFLICT, "phone-needed"),
            Identity::StepUpNeeded => Self::new(StatusCode::FORBIDDEN, "step-up-needed"),
            Identity::EmailLink(Void::Unknown) => Self::new(StatusCode::NOT_FOUND, "email-link-unknown"),
            Identity::EmailLink(Void::Used) => Self::new(StatusCode::CONFLICT, "email-link-used"),
            Identity::EmailLink(Void::Expired) => Self::new(StatusCode::CONFLICT, "email-link-expired"),
            Identity::AddressesFull => Self::new(StatusCode::CONFLICT, "addresses-full"),
            Identity::Refused(refused) => Self::new(StatusCode::CONFLICT, "step-out-of-order").because(refused),
            Identity::NotStaff => Self::forbidden(),
            Identity::Unfinished(code) => Self::new(StatusCode::CONFLICT, code),
            Identity::OwnAccount => Self::new(StatusCode::FORBIDDEN, "own-account"),
            Identity::AlreadyEnrolled => Self::new(StatusCode::CONFLICT, "second-factor-enrolled"),
            Identity::NotEnrolled => Self::new(StatusCode::CONFLICT, "second-factor-missing"),
            Identity::SessionOver => Self::new(StatusCode::UNAUTHORIZED, "session-over"),
            Identity::NotFound => Self::not_found(),
            Identity::Changed => Self::new(StatusCode::CONFLICT, "conflict"),
            Identity::Undelivered(cause) => Self::unavailable(cause),
            Identity::Store(StoreError::Conflict { .. } | StoreError::Invalid(_)) => Self::internal(failure),
            Identity::Store(error) => Self::unavailable(error),
            Identity::Broken(cause) => Self::internal(cause),
        }
    }
}
