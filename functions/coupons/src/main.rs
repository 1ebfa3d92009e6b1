use app::random::OsRandom;
use cloud::{Cloud, provider};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::telemetry::init();
    let cloud = Cloud::from_env().await;
    let money = provider::money(&cloud, std::sync::Arc::new(OsRandom))?;
    http_api::serve(coupons::router(money)).await
}
