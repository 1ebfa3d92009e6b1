use std::sync::Arc;

use app::books::Till;
use app::photos::Photos;
use app::random::OsRandom;
use cloud::Cloud;

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    http_kit::telemetry::init();
    let prices = serde_json::from_str(&std::env::var("PRICES")?)?;
    let Cloud { store, objects, clock, .. } = Cloud::from_env().await;
    let till = Till { store, clock, random: Arc::new(OsRandom), prices };
    http_kit::serve(photos::router(Photos::charged_by(till, objects))).await
}
