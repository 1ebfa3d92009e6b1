//! Connects the function to what its environment names, and serves it.

use std::sync::Arc;

use crate::{Networks, handle, models_dir};
use app::ledger::MoneyContext;
use app::random::OsRandom;
use cloud::Cloud;
use lambda_runtime::{Error, LambdaEvent, service_fn};

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), Error> {
    cloud::telemetry::init();
    let networks = Networks::load(&models_dir())?;
    let prices = serde_json::from_str(&std::env::var("PRICES")?)?;
    let Cloud { store, objects, clock, .. } = Cloud::from_env().await;
    let photos = app::wallet::photo_service(MoneyContext { store, clock, random: Arc::new(OsRandom), prices }, objects);
    lambda_runtime::run(service_fn(|event: LambdaEvent<_>| async {
        Ok::<_, Error>(handle(&photos, &networks, event.payload).await)
    }))
    .await
}
