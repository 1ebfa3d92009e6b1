//! The provider calls us.

use super::{Invoicing, note};
use crate::payments::CallbackRejected;
use crate::payments::provider::RawCallback;

/// Verified first, read after; then the same path as an answer to our own question.
pub async fn handle_callback(invoicing: &Invoicing, callback: &RawCallback) -> Result<(), CallbackRejected> {
    let callback = invoicing.provider.verify_callback(callback).await?;
    Ok(note(invoicing, &callback.request_no, callback.status).await?)
}
