//! The relay: sends the queued messages of the outbox through their providers.
//!
//! It has two event sources on the outbox's stream, one for SMS and one for e-mails, so that neither delays the other.
//! A batch with a failed message is retried as a whole; messages that were sent are not sent again. A batch that fails
//! until the source's limits ends in the dead-letter queue.

mod run;

use app::messages::{Delivery, MessageSenders, deliver};
use app::sealing::SealingKey;
use app::store::Store;
use cloud::outbox_event::OutboxEvent;
use jiff::Timestamp;

pub use run::run;

/// The batch has messages that were not sent and must be retried. Holds their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} messages of the batch were not sent and will be retried")]
pub struct BatchFailed(pub usize);

/// Sends every message of a batch. One failed message does not keep the others from being sent. A row that cannot be
/// read is logged and skipped, because a retry could not read it either.
///
/// # Errors
/// [`BatchFailed`] when a message was not sent: the whole batch must be retried.
pub async fn deliver_batch(
    store: &dyn Store,
    key: &SealingKey,
    senders: MessageSenders<'_>,
    event: OutboxEvent,
    now: Timestamp,
) -> Result<(), BatchFailed> {
    let mut failed = 0;
    for (sequence_number, row) in event.rows() {
        let Some(row) = row else {
            tracing::error!(sequence_number, "outbox row skipped: it cannot be read");
            continue;
        };
        match deliver(store, key, senders, row, now).await {
            Ok(Delivery::Sent) => tracing::info!(sequence_number, "message sent"),
            Ok(Delivery::Skipped) => {}
            Ok(Delivery::Abandoned(cause)) => {
                tracing::error!(sequence_number, cause, "message refused by the provider")
            }
            Err(cause) => {
                tracing::warn!(sequence_number, %cause, "message not sent, the batch will be retried");
                failed += 1;
            }
        }
    }
    if failed == 0 { Ok(()) } else { Err(BatchFailed(failed)) }
}

#[cfg(test)]
mod tests;
