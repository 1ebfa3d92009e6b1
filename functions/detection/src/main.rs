use std::sync::Arc;

use app::books::MoneyContext;
use app::photos::Photos;
use app::random::OsRandom;
use cloud::Cloud;
use detection::{Networks, handle, init, models_dir};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};

#[tokio::main]
async fn main() -> Result<(), Error> {
    init();
    let networks = Networks::load(&models_dir())?;
    let prices = serde_json::from_str(&std::env::var("PRICES")?)?;
    let Cloud { store, objects, clock, .. } = Cloud::from_env().await;
    let photos = Photos::charged_by(MoneyContext { store, clock, random: Arc::new(OsRandom), prices }, objects);
    run(service_fn(|event: LambdaEvent<_>| async { Ok::<_, Error>(handle(&photos, &networks, event.payload).await) }))
        .await
}
