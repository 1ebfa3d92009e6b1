//! The providers of SMS and e-mail, and the inbox that shows every accepted message.

mod accounts;
mod acs3;
mod inbox;
mod page;
mod ses;
mod sigv4;
mod sms;
mod smtp;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{any, get, post};

pub use accounts::MessagingAccounts;
pub use inbox::Inbox;
pub use smtp::{TlsMode, serve as serve_smtp};

use crate::Sandbox;

/// Delay of the fault `slow-message`; longer than the time limit of every client.
const SLOW: Duration = Duration::from_secs(30);

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", any(sms::call))
        .route("/v2/email/outbound-emails", post(ses::send))
        .route("/sandbox/inbox", get(page::show))
        .route("/sandbox/inbox.json", get(page::data))
}
