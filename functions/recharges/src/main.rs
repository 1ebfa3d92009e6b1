use app::random::OsRandom;
use cloud::{Cloud, provider};
use recharges::Recharges;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::telemetry::init();
    let cloud = Cloud::from_env().await;
    let desk = provider::Desk::open(&cloud, std::sync::Arc::new(OsRandom)).await?;
    http_api::serve(recharges::router(Recharges::new(desk.payments, &desk.cursor_key))).await
}
