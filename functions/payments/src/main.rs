use app::random::OsRandom;
use cloud::{Cloud, provider};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_kit::telemetry::init();
    let cloud = Cloud::from_env().await;
    let desk = provider::Desk::open(&cloud, std::sync::Arc::new(OsRandom)).await?;
    http_kit::serve(payments::router(desk.cashier)).await
}
