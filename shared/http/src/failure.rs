//! From a use case's failure to an answer. The cause goes to the log, never to the client.

use app::failure::Failure;
use axum::http::StatusCode;
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
