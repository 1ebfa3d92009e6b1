//! Connects the function to what its environment names, and serves it.

use std::sync::Arc;

use crate::{AppState, Dependencies};
use app::accounts::Keys;
use app::random::OsRandom;
use cloud::data_keys::KmsDataKeyProvider;
use cloud::{Cloud, secrets};

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), lambda_http::Error> {
    cloud::telemetry::init();
    let Cloud { sdk, store, clock, .. } = Cloud::from_env().await;
    let secret = |variable| secrets::read(&sdk, variable);
    let (tokens, passwords, messages) =
        tokio::try_join!(secret("TOKENS_SECRET"), secret("PASSWORDS_SECRET"), secret("MESSAGES_SECRET"))?;
    let keys = Arc::new(Keys::derive(&tokens, &passwords, &messages)?);
    let data_keys = Arc::new(KmsDataKeyProvider::from_env(&sdk)?);
    let page = std::env::var("PAGE_ORIGIN").ok().filter(|origin| origin.starts_with("http"));
    let state = AppState::new(Dependencies { store, clock, random: Arc::new(OsRandom), data_keys, page }, keys).await?;
    http_api::serve(crate::router(state)).await
}
