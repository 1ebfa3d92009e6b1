//! Callbacks: parsed only after their signature has been verified.

use app::invoices::InvoiceCallback;
use app::payments::provider::{InvalidSignature, RawCallback};

use secrecy::ExposeSecret;

use super::Settings;
use super::signature::{callback_text, is_recent, verifies};
use super::wire::QueryData;

/// Verifies addressee, age and signature of a callback, then parses it. `now_s` is in seconds of the Unix epoch.
pub fn verify(settings: &Settings, raw: &RawCallback, now_s: i64) -> Result<InvoiceCallback, InvalidSignature> {
    let forged = |why: &str| InvalidSignature(why.to_owned());
    let header = |name: &str| raw.header(name).ok_or_else(|| InvalidSignature(format!("the header {name} is missing")));
    let (timestamp, nonce, signature) = (header("X-Timestamp")?, header("X-Nonce")?, header("X-Signature")?);
    if header("X-App-Key")? != settings.app_key {
        return Err(forged("it is addressed to another customer of the provider"));
    }
    if !is_recent(timestamp, now_s) {
        return Err(forged("its timestamp is out of range"));
    }
    let text = callback_text(&settings.app_key, timestamp, nonce, &raw.body);
    if !verifies(settings.app_secret.expose_secret(), &text, signature) {
        return Err(forged("the signature does not verify"));
    }
    let data: QueryData =
        serde_json::from_slice(&raw.body).map_err(|_| forged("it does not have the documented form"))?;
    let request_no = data.order_no.clone();
    Ok(InvoiceCallback { request_no, status: data.status().map_err(InvalidSignature)? })
}
