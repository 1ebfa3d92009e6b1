//! Works off what is due and calls back, as often as the provider would.

use std::sync::Arc;
use std::time::Duration;

use cloud::provider::einvoice::{notice_text, sign};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::book::Request;
use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::{EINVOICE_APP, hex};

const LOOK_EVERY: Duration = Duration::from_millis(100);
/// Seconds between one call and the next.
const RETRIES: [i64; 5] = [60, 300, 900, 3600, 7200];

struct Pending {
    request: Request,
    tries: usize,
    due: Timestamp,
}

pub async fn deliver(sandbox: Arc<Sandbox>) {
    let mut queue: Vec<Pending> = Vec::new();
    loop {
        let now = sandbox.bank.now();
        for request in sandbox.invoices.work(now) {
            let copies = match () {
                () if sandbox.faults.take(Fault::DropNotice) => 0,
                () if sandbox.faults.take(Fault::DuplicateNotice) => 2,
                () => 1,
            };
            queue.extend((0..copies).map(|_| Pending { request: request.clone(), tries: 0, due: now }));
        }
        let (due, later): (Vec<_>, Vec<_>) = queue.drain(..).partition(|pending| pending.due <= now);
        queue = later;
        for mut pending in due {
            if send(&sandbox, &pending.request).await {
                continue;
            }
            if let Some(wait) = RETRIES.get(pending.tries) {
                pending.tries += 1;
                pending.due = sandbox.bank.now() + SignedDuration::from_secs(*wait);
                queue.push(pending);
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Answers whether the customer took it, and said so in the words agreed on.
async fn send(sandbox: &Sandbox, request: &Request) -> bool {
    let fault = sandbox.faults.first(&[
        Fault::WrongAmountNotice,
        Fault::WrongMerchantNotice,
        Fault::TamperedNotice,
        Fault::StaleNotice,
    ]);
    let mut content = request.status(false);
    if fault == Some(Fault::WrongAmountNotice) {
        content["orderTotal"] = request.total(1).into();
    }
    let app = if fault == Some(Fault::WrongMerchantNotice) { "another" } else { EINVOICE_APP };
    let age = if fault == Some(Fault::StaleNotice) { 600 } else { 0 };
    let (timestamp, nonce, body) = ((Timestamp::now().as_second() - age).to_string(), hex(16), content.to_string());
    let signature = sign(&sandbox.keys.einvoice_secret, &notice_text(app, &timestamp, &nonce, body.as_bytes()));
    let body = if fault == Some(Fault::TamperedNotice) { format!("{body} ") } else { body };
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
    let Ok(answer) = sent else { return false };
    answer.status().is_success()
        && answer.json::<Value>().await.is_ok_and(|said| said["code"] == 200 && said["msg"] == "success")
}
