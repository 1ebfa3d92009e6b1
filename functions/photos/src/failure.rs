//! From the photo rooms' failures to answers.

use app::failure::Failure;
use axum::http::StatusCode;
use http_api::Problem;

pub fn problem(failure: Failure) -> Problem {
    match failure {
        Failure::NotFound => Problem::not_found(),
        Failure::Invalid { field, code } => Problem::invalid().field(field, code),
        Failure::Conflict { code } => Problem::new(StatusCode::CONFLICT, code),
        Failure::Short { available, needed } => Problem::new(StatusCode::PAYMENT_REQUIRED, "balance-too-low")
            .fact("available", yuan(available))
            .fact("needed", yuan(needed)),
        Failure::KeyReused => Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "idempotency-key-reused"),
        Failure::Raced => Problem::new(StatusCode::CONFLICT, "conflict"),
        Failure::Unavailable(cause) => Problem::unavailable(cause),
        Failure::Internal(cause) => Problem::internal(cause),
    }
}

/// As `problem`, for what exists and stays shut until the photo has passed and is paid for.
pub fn locked(failure: Failure) -> Problem {
    match failure {
        Failure::Conflict { code } => Problem::new(StatusCode::FORBIDDEN, code),
        other => problem(other),
    }
}

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
