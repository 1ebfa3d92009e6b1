//! E-mails and the port to the e-mail provider.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::SendError;

/// An e-mail in plain text: the reader sees the address of every link, and no mail program blocks anything.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailMessage {
    /// One address, as `domain::account::Email` parsed it.
    pub to: String,
    /// The subject, in Chinese and English.
    pub subject: String,
    /// The text, in Chinese and English.
    pub text: String,
}

/// Hides the receiver and the text: both are personal, and the text can hold a secret link.
impl fmt::Debug for EmailMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmailMessage").field("subject", &self.subject).finish_non_exhaustive()
    }
}

/// The port to the e-mail provider.
#[async_trait]
pub trait EmailSender: Send + Sync {
    /// Hands `email` to the provider. `id` identifies the message in the provider's records, so that a repetition can
    /// be recognised.
    ///
    /// # Errors
    /// [`SendError::Temporary`] when the message can be sent again, [`SendError::Permanent`] when it never will be
    /// taken.
    async fn send(&self, id: &str, email: &EmailMessage) -> Result<(), SendError>;
}
