use std::sync::Arc;

use app::accounts::Keys;
use app::random::OsRandom;
use auth::{Auth, Outside};
use cloud::{Cloud, secrets};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_http::Error> {
    http_kit::telemetry::init();
    let Cloud { sdk, store, clock, .. } = Cloud::from_env().await;
    let (tokens, passwords) =
        tokio::try_join!(secrets::read(&sdk, "TOKENS_SECRET"), secrets::read(&sdk, "PASSWORDS_SECRET"))?;
    let keys = Arc::new(Keys::derive(&tokens, &passwords)?);
    let auth = Auth::open(Outside { store, clock, random: Arc::new(OsRandom) }, keys).await?;
    http_kit::serve(auth::router(auth)).await
}
