use std::sync::Arc;

use app::random::OsRandom;
use backoffice::Backoffice;
use cloud::{Cloud, provider};
use http_api::Cursors;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_api::telemetry::init();
    let cloud = Cloud::from_env().await;
    let random = Arc::new(OsRandom);
    let bureau = provider::Bureau::open(&cloud, random.clone()).await?;
    let cursors = Arc::new(Cursors::new(&bureau.cursor_key));
    let Cloud { store, clock, .. } = cloud;
    let backoffice = Backoffice { store, clock, random, invoicing: bureau.invoicing, cursors };
    http_api::serve(backoffice::router(backoffice)).await
}
