//! Inspects uploaded photos. SQS hands over S3's events; each names one upload.
//!
//! A message that fails goes back to the queue by itself, without the others of its batch, and to the dead letters after five
//! tries. An event that comes twice, late or out of order finds its photo already ended and changes nothing.

mod engine;
mod run;

use std::path::PathBuf;
use std::time::Instant;

use app::failure::Failure;
use app::photos::{InspectionOutcome, Inspector, Photos};
use aws_lambda_events::sqs::{SqsBatchResponse, SqsEvent, SqsMessage};
use cloud::upload_event::{MalformedEvent, parse};

pub use engine::Networks;
pub use run::run;

/// `MODELS_DIR`, or `models` beside the program.
pub fn models_dir() -> PathBuf {
    let beside = || std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("models")));
    std::env::var_os("MODELS_DIR").map(PathBuf::from).or_else(beside).unwrap_or_else(|| "models".into())
}

pub async fn handle(photos: &Photos, inspector: &dyn Inspector, event: SqsEvent) -> SqsBatchResponse {
    photos.clock.synchronise().await;
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.clone().unwrap_or_default();
        let began = Instant::now();
        match inspect(photos, inspector, &message).await {
            Ok(handled) => {
                let took_ms = began.elapsed().as_millis() as u64;
                tracing::info!(message_id = id, ?handled, took_ms, "handled");
            }
            Err(error) => {
                tracing::error!(message_id = id, cause = %error, "not handled");
                response.add_failure(id);
            }
        }
    }
    response
}

#[derive(Debug)]
enum NotHandled {
    Malformed(MalformedEvent),
    Failed(Failure),
}

impl std::fmt::Display for NotHandled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Malformed(error) => error.fmt(f),
            Self::Failed(failure) => failure.fmt(f),
        }
    }
}

async fn inspect(
    photos: &Photos,
    inspector: &dyn Inspector,
    message: &SqsMessage,
) -> Result<Vec<InspectionOutcome>, NotHandled> {
    let arrivals = parse(message.body.as_deref().unwrap_or_default()).map_err(NotHandled::Malformed)?;
    let mut handled = Vec::with_capacity(arrivals.len());
    for arrival in arrivals {
        handled.push(photos.inspect(inspector, &arrival).await.map_err(NotHandled::Failed)?);
    }
    Ok(handled)
}
