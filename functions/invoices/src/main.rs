use app::random::OsRandom;
use cloud::{Cloud, provider};
use invoices::Invoices;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::telemetry::init();
    let cloud = Cloud::from_env().await;
    let bureau = provider::Bureau::open(&cloud, std::sync::Arc::new(OsRandom)).await?;
    http_api::serve(invoices::router(Invoices::new(bureau.invoicing, &bureau.cursor_key))).await
}
