use std::sync::Arc;

use app::random::OsRandom;
use cloud::{Cloud, provider};
use jobs::Jobs;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    http_api::telemetry::init();
    let cloud = Cloud::from_env().await;
    let desk = provider::Desk::open(&cloud, Arc::new(OsRandom)).await?;
    let bureau = provider::Bureau::open(&cloud, Arc::new(OsRandom)).await?;
    let jobs = &Jobs::new(desk.payments, bureau.invoicing, cloud.objects);
    run(service_fn(
        |event: LambdaEvent<serde_json::Value>| async move { Ok::<_, Error>(jobs.run(&event.payload).await?) },
    ))
    .await
}
