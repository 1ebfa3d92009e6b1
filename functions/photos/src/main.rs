use std::sync::Arc;

use app::books::Till;
use app::photos::Photos;
use app::random::OsRandom;
use app::receipts::{ReceiptKey, Receipts};
use cloud::{Cloud, secrets};
use photos::Desk;
use photos::paper::{Font, fonts_dir};

#[tokio::main]
async fn main() -> Result<(), lambda_http::Error> {
    http_kit::telemetry::init();
    let setting = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not in the environment"));
    let (prices, terms) = (serde_json::from_str(&setting("PRICES")?)?, serde_json::from_str(&setting("RECEIPTS")?)?);
    let page = setting("PAGE_ORIGIN")?;
    let font = Arc::new(Font::in_folder(&fonts_dir()));
    let Cloud { sdk, store, objects, clock, .. } = Cloud::from_env().await;
    let key = ReceiptKey::derive(&secrets::read(&sdk, "RECEIPTS_SECRET").await?)?;
    let till = Till { store, clock, random: Arc::new(OsRandom), prices };
    let photos = Photos::charged_by(till, objects);
    let receipts = Receipts::new(photos.clone(), key, terms, page);
    http_kit::serve(photos::router(Desk { photos, receipts, font })).await
}
