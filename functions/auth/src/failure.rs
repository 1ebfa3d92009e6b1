//! From the identity rooms' failures to answers.

use app::accounts::Failure;
use app::store::StoreError;
use axum::http::StatusCode;
use http_kit::Problem;

pub fn problem(failure: Failure) -> Problem {
    match failure {
        Failure::Fields(faults) => faults
            .iter()
            .fold(Problem::invalid(), |problem, fault| problem.field(format!("/{}", fault.field), fault.code)),
        Failure::NameTaken => {
            Problem::new(StatusCode::CONFLICT, "user-name-taken").field("/userName", "user-name-taken")
        }
        Failure::WrongCredentials => Problem::new(StatusCode::UNAUTHORIZED, "credentials-wrong"),
        Failure::CaptchaNeeded => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "captcha-needed").field("/captcha", "captcha-needed")
        }
        Failure::CaptchaUnsolved => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "captcha-wrong").field("/captcha/answer", "captcha-wrong")
        }
        Failure::Wait(wait) => {
            // Rounded up: coming back as told must work.
            let seconds = u64::try_from(wait.as_secs()).unwrap_or(0) + u64::from(wait.subsec_nanos() > 0);
            Problem::too_many(seconds.max(1))
        }
        Failure::CodeWrong => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "code-wrong").field("/code", "code-wrong"),
        Failure::PhoneTaken => Problem::new(StatusCode::CONFLICT, "phone-taken").field("/phone", "phone-taken"),
        Failure::PhoneNeeded => Problem::new(StatusCode::CONFLICT, "phone-needed"),
        Failure::StepUpNeeded => Problem::new(StatusCode::FORBIDDEN, "step-up-needed"),
        Failure::Refused(refused) => Problem::new(StatusCode::CONFLICT, "step-out-of-order").because(refused),
        Failure::SessionOver => Problem::new(StatusCode::UNAUTHORIZED, "session-over"),
        Failure::NotFound => Problem::not_found(),
        Failure::Changed => Problem::new(StatusCode::CONFLICT, "conflict"),
        Failure::Undelivered(cause) => Problem::unavailable(cause),
        Failure::Store(error) => store(error),
        Failure::Broken(cause) => Problem::internal(cause),
    }
}

pub fn store(error: StoreError) -> Problem {
    match error {
        StoreError::Throttled | StoreError::Unavailable(_) | StoreError::Unknown(_) => Problem::unavailable(error),
        StoreError::Conflict { .. } | StoreError::Invalid(_) => Problem::internal(error),
    }
}
