//! What goes out by e-mail.

use std::fmt;

use async_trait::async_trait;
use serde::{Deserialize, Serialize};

use super::SendFailure;

/// Plain text: a reader sees every address a link leads to, and no mail program has anything to block.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// One address, as `Email` parsed it.
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Neither whom it is for nor what it says: both may be secrets.
impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Letter").field("subject", &self.subject).finish_non_exhaustive()
    }
}

#[async_trait]
pub trait Letters: Send + Sync {
    /// Hands a letter to the mail service. `id` names it in the service's records and makes a repetition recognisable.
    async fn send(&self, id: &str, letter: &Letter) -> Result<(), SendFailure>;
}
