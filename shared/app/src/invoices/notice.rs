//! The provider calls us.

use super::{Invoicing, note};
use crate::payments::NoticeRefused;
use crate::payments::provider::RawNotice;

/// Verified first, read after; then the same path as an answer to our own question.
pub async fn take_notice(invoicing: &Invoicing, notice: &RawNotice) -> Result<(), NoticeRefused> {
    let notice = invoicing.provider.read(notice).await?;
    Ok(note(invoicing, &notice.request_no, notice.found).await?)
}
