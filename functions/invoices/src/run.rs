//! Connects the function to what its environment names, and serves it.

use crate::AppState;
use app::random::OsRandom;
use cloud::{Cloud, provider};

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), lambda_http::Error> {
    cloud::telemetry::init();
    let cloud = Cloud::from_env().await;
    let invoice_setup = provider::InvoiceSetup::load(&cloud, std::sync::Arc::new(OsRandom)).await?;
    http_api::serve(crate::router(AppState::new(invoice_setup.invoicing, &invoice_setup.cursor_key))).await
}
