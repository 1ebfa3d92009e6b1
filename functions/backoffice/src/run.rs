//! Connects the function to what its environment names, and serves it.

use std::sync::Arc;

use crate::AppState;
use app::random::OsRandom;
use cloud::{Cloud, provider};
use http_api::Cursors;

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), lambda_http::Error> {
    cloud::telemetry::init();
    let cloud = Cloud::from_env().await;
    let random = Arc::new(OsRandom);
    let invoice_setup = provider::InvoiceSetup::load(&cloud, random.clone()).await?;
    let cursors = Arc::new(Cursors::new(&invoice_setup.cursor_key));
    let Cloud { store, clock, .. } = cloud;
    let state = AppState { store, clock, random, invoicing: invoice_setup.invoicing, cursors };
    http_api::serve(crate::router(state)).await
}
