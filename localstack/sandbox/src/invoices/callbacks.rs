//! Completes due requests and calls back, repeated on a schedule like a real provider's.

use std::sync::Arc;
use std::time::Duration;

use cloud::provider::einvoice::{callback_text, sign};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::requests::Request;
use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::{EINVOICE_APP, random_hex};

const POLL_INTERVAL: Duration = Duration::from_millis(100);
/// Seconds between one attempt and the next.
const RETRIES: [i64; 5] = [60, 300, 900, 3600, 7200];

struct Pending {
    request: Request,
    attempts: usize,
    due: Timestamp,
}

/// Completes requests and delivers due callbacks until the process ends.
pub async fn deliver(sandbox: Arc<Sandbox>) {
    let mut queue: Vec<Pending> = Vec::new();
    loop {
        let now = sandbox.trades.now();
        for request in sandbox.invoices.complete_due(now) {
            let copies = match () {
                () if sandbox.faults.take(Fault::DropCallback) => 0,
                () if sandbox.faults.take(Fault::DuplicateCallback) => 2,
                () => 1,
            };
            queue.extend((0..copies).map(|_| Pending { request: request.clone(), attempts: 0, due: now }));
        }
        let (due, later): (Vec<_>, Vec<_>) = queue.drain(..).partition(|pending| pending.due <= now);
        queue = later;
        for mut pending in due {
            if send(&sandbox, &pending.request).await {
                continue;
            }
            if let Some(wait) = RETRIES.get(pending.attempts) {
                pending.attempts += 1;
                pending.due = sandbox.trades.now() + SignedDuration::from_secs(*wait);
                queue.push(pending);
            }
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Sends a callback, and returns whether the customer acknowledged it with the agreed body.
async fn send(sandbox: &Sandbox, request: &Request) -> bool {
    let fault = sandbox.faults.first(&[
        Fault::WrongAmountCallback,
        Fault::WrongMerchantCallback,
        Fault::TamperedCallback,
        Fault::StaleCallback,
    ]);
    let mut content = request.status(false);
    if fault == Some(Fault::WrongAmountCallback) {
        content["orderTotal"] = request.total(1).into();
    }
    let app = if fault == Some(Fault::WrongMerchantCallback) { "another" } else { EINVOICE_APP };
    let age = if fault == Some(Fault::StaleCallback) { 600 } else { 0 };
    let (timestamp, nonce, body) =
        ((Timestamp::now().as_second() - age).to_string(), random_hex(16), content.to_string());
    let signature = sign(&sandbox.keys.einvoice_secret, &callback_text(app, &timestamp, &nonce, body.as_bytes()));
    let body = if fault == Some(Fault::TamperedCallback) { format!("{body} ") } else { body };
    let sent = sandbox
        .http
        .post(&request.callback_url)
        .header("Content-Type", "application/json")
        .header("X-App-Key", app)
        .header("X-Timestamp", timestamp)
        .header("X-Nonce", nonce)
        .header("X-Signature", signature)
        .body(body)
        .send()
        .await;
    let Ok(response) = sent else { return false };
    response.status().is_success()
        && response.json::<Value>().await.is_ok_and(|body| body["code"] == 200 && body["msg"] == "success")
}
