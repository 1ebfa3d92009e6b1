//! The function that inspects uploaded photos. SQS delivers the event notifications of S3, each about one upload.
//!
//! A message that fails is returned to the queue without the rest of its batch, and goes to the dead-letter queue after
//! five attempts. An event that is delivered twice, late or out of order finds its photo ended and changes nothing.

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

/// The folder of the networks: `MODELS_DIR`, or `models` beside the program.
pub fn models_dir() -> PathBuf {
    let beside = || std::env::current_exe().ok().and_then(|program| Some(program.parent()?.join("models")));
    std::env::var_os("MODELS_DIR").map(PathBuf::from).or_else(beside).unwrap_or_else(|| "models".into())
}

/// Inspects the uploads that the messages of `event` name. The response lists the messages to be delivered again.
pub async fn handle(photos: &Photos, inspector: &dyn Inspector, event: SqsEvent) -> SqsBatchResponse {
    photos.clock.synchronise().await;
    let mut response = SqsBatchResponse::default();
    for message in event.records {
        let id = message.message_id.clone().unwrap_or_default();
        let began = Instant::now();
        match inspect(photos, inspector, &message).await {
            Ok(outcomes) => {
                let took_ms = began.elapsed().as_millis() as u64;
                tracing::info!(message_id = id, ?outcomes, took_ms, "message processed");
            }
            Err(error) => {
                tracing::error!(message_id = id, cause = %error, "message failed");
                response.add_failure(id);
            }
        }
    }
    response
}

#[derive(Debug)]
enum MessageError {
    Malformed(MalformedEvent),
    Failed(Failure),
}

impl std::fmt::Display for MessageError {
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
) -> Result<Vec<InspectionOutcome>, MessageError> {
    let events = parse(message.body.as_deref().unwrap_or_default()).map_err(MessageError::Malformed)?;
    let mut outcomes = Vec::with_capacity(events.len());
    for event in events {
        outcomes.push(photos.inspect(inspector, &event).await.map_err(MessageError::Failed)?);
    }
    Ok(outcomes)
}
