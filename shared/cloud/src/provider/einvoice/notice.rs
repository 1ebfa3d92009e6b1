//! A callback, believed only after its signature.

use app::invoices::Notice;
use app::payments::provider::{Forged, RawNotice};

use super::Settings;
use super::signature::{is_of_now, notice_text, verifies};
use super::wire::QueryData;

pub fn read(settings: &Settings, raw: &RawNotice, now_s: i64) -> Result<Notice, Forged> {
    let forged = |why: &str| Forged(why.to_owned());
    let header = |name: &str| raw.header(name).ok_or_else(|| Forged(format!("no {name}")));
    let (timestamp, nonce, signature) = (header("X-Timestamp")?, header("X-Nonce")?, header("X-Signature")?);
    if header("X-App-Key")? != settings.app_key {
        return Err(forged("for another customer of the provider"));
    }
    if !is_of_now(timestamp, now_s) {
        return Err(forged("stale"));
    }
    let text = notice_text(&settings.app_key, timestamp, nonce, &raw.body);
    if !verifies(&settings.app_secret, &text, signature) {
        return Err(forged("the signature does not verify"));
    }
    let data: QueryData = serde_json::from_slice(&raw.body).map_err(|_| forged("another form"))?;
    let request_no = data.order_no.clone();
    Ok(Notice { request_no, found: data.found().map_err(Forged)? })
}
