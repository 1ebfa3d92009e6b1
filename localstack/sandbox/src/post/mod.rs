//! Short messages and letters: their providers, and the one inbox where everything they took can be read.

mod acs3;
mod inbox;
mod keys;
mod page;
mod ses;
mod sigv4;
mod sms;
mod smtp;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::routing::{any, get, post};

pub use inbox::Inbox;
pub use keys::PostKeys;
pub use smtp::{Safe, serve as serve_smtp};

use crate::Sandbox;

/// Longer than any caller waits.
const SLOW: Duration = Duration::from_secs(30);

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/", any(sms::call))
        .route("/v2/email/outbound-emails", post(ses::send))
        .route("/sandbox/inbox", get(page::show))
        .route("/sandbox/inbox.json", get(page::data))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
