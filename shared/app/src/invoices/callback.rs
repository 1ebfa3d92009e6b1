//! Callbacks of the provider.

use super::{InvoiceService, record_result};
use crate::payments::CallbackRejected;
use crate::payments::provider::RawCallback;

/// Verifies a callback and records the status in it, as [`record_result`] does for a poll.
///
/// # Errors
///
/// `InvalidSignature` if the signature or the time is wrong: the content was not read. `Failed` if the status could not be recorded: the
/// provider should repeat the callback.
pub async fn handle_callback(invoicing: &InvoiceService, callback: &RawCallback) -> Result<(), CallbackRejected> {
    let callback = invoicing.provider.verify_callback(callback).await?;
    Ok(record_result(invoicing, &callback.request_no, callback.status).await?)
}
