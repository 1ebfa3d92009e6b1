use std::sync::Arc;

use app::random::OsRandom;
use backoffice::Backoffice;
use cloud::Cloud;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_kit::telemetry::init();
    let Cloud { store, clock, .. } = Cloud::from_env().await;
    http_kit::serve(backoffice::router(Backoffice { store, clock, random: Arc::new(OsRandom) })).await
}
