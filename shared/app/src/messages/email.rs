//! E-mails.

use std::fmt;

use serde::{Deserialize, Serialize};

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
