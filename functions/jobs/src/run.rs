//! Connects the function to what its environment names, and serves it.

use std::sync::Arc;

use crate::Jobs;
use app::random::OsRandom;
use cloud::{Cloud, provider};
use lambda_runtime::{Error, LambdaEvent, service_fn};

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), Error> {
    cloud::telemetry::init();
    let cloud = Cloud::from_env().await;
    let payment_setup = provider::PaymentSetup::load(&cloud, Arc::new(OsRandom)).await?;
    let invoice_setup = provider::InvoiceSetup::load(&cloud, Arc::new(OsRandom)).await?;
    let jobs = &Jobs::new(payment_setup.payments, invoice_setup.invoicing, cloud.objects);
    lambda_runtime::run(service_fn(|event: LambdaEvent<serde_json::Value>| async move {
        Ok::<_, Error>(jobs.run(&event.payload).await?)
    }))
    .await
}
