use app::random::OsRandom;
use cloud::{Cloud, provider};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_kit::telemetry::init();
    let cloud = Cloud::from_env().await;
    let till = provider::till(&cloud, std::sync::Arc::new(OsRandom))?;
    http_kit::serve(coupons::router(till)).await
}
