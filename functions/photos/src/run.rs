//! Connects the function to what its environment names, and serves it.

use std::sync::Arc;

use crate::AppState;
use crate::pdf::{Font, fonts_dir};
use app::ledger::MoneyContext;
use app::random::OsRandom;
use app::receipts::{ReceiptKey, Receipts};
use cloud::{Cloud, secrets};

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), lambda_http::Error> {
    cloud::telemetry::init();
    let setting = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not in the environment"));
    let (prices, terms) = (serde_json::from_str(&setting("PRICES")?)?, serde_json::from_str(&setting("RECEIPTS")?)?);
    let page = setting("PAGE_ORIGIN")?;
    let font = Arc::new(Font::in_folder(&fonts_dir()));
    let Cloud { sdk, store, objects, clock, .. } = Cloud::from_env().await;
    let key = ReceiptKey::derive(&secrets::read(&sdk, "RECEIPTS_SECRET").await?)?;
    let money = MoneyContext { store, clock, random: Arc::new(OsRandom), prices };
    let photos = app::wallet::photo_service(money, objects);
    let receipts = Receipts::new(photos.clone(), key, terms, page);
    http_api::serve(crate::router(AppState { photos, receipts, font })).await
}
