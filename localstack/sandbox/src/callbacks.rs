//! Callbacks of the payment providers, repeated on the providers' own schedules.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use cloud::provider::alipay::callback_text;
use cloud::provider::wechat::{ResourceKey, response_message};
use domain::china_time;
use domain::money::Fen;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;
use url::form_urlencoded::Serializer;

use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::{ALIPAY_APP, ALIPAY_SELLER, APP_ID, MERCHANT, PUBLIC_KEY_ID, random_hex};
use crate::trades::{Provider, Trade};

/// Both providers wait this long for a response.
pub const RESPONSE_TIMEOUT: Duration = Duration::from_secs(5);
const POLL_INTERVAL: Duration = Duration::from_millis(100);

/// Seconds between one attempt and the next, from the providers' documentation.
const WECHAT_RETRIES: [i64; 15] =
    [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600];
const ALIPAY_RETRIES: [i64; 7] = [240, 600, 600, 3600, 7200, 21_600, 54_000];

struct Pending {
    trade: Trade,
    refund: bool,
    attempts: usize,
    due: Timestamp,
}

static QUEUE: LazyLock<Mutex<Vec<Pending>>> = LazyLock::new(Mutex::default);

fn enqueue(sandbox: &Sandbox, trade: &Trade, refund: bool) {
    let copies = match () {
        () if sandbox.faults.take(Fault::DropCallback) => 0,
        () if sandbox.faults.take(Fault::DuplicateCallback) => 2,
        () => 1,
    };
    let due = sandbox.trades.now();
    for _ in 0..copies {
        QUEUE.lock().expect("queue").push(Pending { trade: trade.clone(), refund, attempts: 0, due });
    }
}

/// Enqueues the callback of a paid trade.
pub fn paid(sandbox: &Sandbox, trade: &Trade) {
    enqueue(sandbox, trade, false);
}

/// Enqueues the callback of a refunded trade.
pub fn refunded(sandbox: &Sandbox, trade: &Trade) {
    enqueue(sandbox, trade, true);
}

/// Sends the callback of a trade `times` times concurrently, and returns which of them were acknowledged.
pub async fn resend(sandbox: &Arc<Sandbox>, trade: &Trade, times: usize) -> Vec<bool> {
    let send = |_| {
        let (sandbox, trade, due) = (sandbox.clone(), trade.clone(), sandbox.trades.now());
        tokio::spawn(async move { send(&sandbox, &Pending { trade, refund: false, attempts: 0, due }).await })
    };
    let sent: Vec<_> = (0..times).map(send).collect();
    let mut acknowledged = Vec::new();
    for one in sent {
        acknowledged.push(one.await.unwrap_or(false));
    }
    acknowledged
}

/// Delivers due callbacks until the process ends.
pub async fn deliver(sandbox: Arc<Sandbox>) {
    loop {
        let now = sandbox.trades.now();
        let due: Vec<Pending> = {
            let mut queue = QUEUE.lock().expect("queue");
            let (due, later) = queue.drain(..).partition(|pending| pending.due <= now);
            *queue = later;
            due
        };
        for mut pending in due {
            let acknowledged = send(&sandbox, &pending).await;
            let retries: &[i64] =
                if pending.trade.provider == Provider::Wechat { &WECHAT_RETRIES } else { &ALIPAY_RETRIES };
            if let (false, Some(wait)) = (acknowledged, retries.get(pending.attempts)) {
                pending.attempts += 1;
                pending.due = sandbox.trades.now() + SignedDuration::from_secs(*wait);
                QUEUE.lock().expect("queue").push(pending);
            }
        }
        tokio::time::sleep(POLL_INTERVAL).await;
    }
}

/// Sends a callback, and returns whether the merchant acknowledged it.
async fn send(sandbox: &Sandbox, pending: &Pending) -> bool {
    let request = match pending.trade.provider {
        Provider::Wechat => wechat(sandbox, pending),
        Provider::Alipay => alipay(sandbox, pending),
    };
    let Ok(response) = request.send().await else { return false };
    match pending.trade.provider {
        Provider::Wechat => matches!(response.status().as_u16(), 200 | 204),
        Provider::Alipay => {
            response.status().is_success() && response.bytes().await.is_ok_and(|body| body == "success")
        }
    }
}

fn wechat(sandbox: &Sandbox, pending: &Pending) -> reqwest::RequestBuilder {
    let Pending { trade, refund, .. } = pending;
    let fault = sandbox.faults.first(&[
        Fault::WrongAmountCallback,
        Fault::WrongMerchantCallback,
        Fault::TamperedCallback,
        Fault::StaleCallback,
        Fault::ProbeCallback,
    ]);
    let merchant = if fault == Some(Fault::WrongMerchantCallback) { "1900009999" } else { MERCHANT };
    let fen = trade.fen + i64::from(fault == Some(Fault::WrongAmountCallback));
    let plain = if *refund {
        json!({"mchid": merchant, "out_trade_no": trade.no, "transaction_id": trade.provider_no, "refund_status": "SUCCESS",
               "out_refund_no": trade.refund.as_ref().map(|refund| &refund.no), "amount": {"total": fen, "refund": fen}})
    } else {
        json!({"appid": APP_ID, "mchid": merchant, "out_trade_no": trade.no, "transaction_id": trade.provider_no,
               "trade_state": "SUCCESS", "trade_type": "NATIVE", "amount": {"total": fen, "payer_total": fen, "currency": "CNY"}})
    };
    let key = ResourceKey::new(&sandbox.keys.api_v3_key).expect("a key of 32 characters");
    let kind = if *refund { "refund" } else { "transaction" };
    let sealed = key.seal(plain.to_string().as_bytes(), &random_hex(6), kind, kind).expect("a nonce of 12 characters");
    let event = if *refund { "REFUND.SUCCESS" } else { "TRANSACTION.SUCCESS" };
    let body =
        json!({"id": random_hex(16), "event_type": event, "resource_type": "encrypt-resource", "resource": sealed})
            .to_string();
    let age = if fault == Some(Fault::StaleCallback) { 600 } else { 0 };
    let (timestamp, nonce) = ((Timestamp::now().as_second() - age).to_string(), random_hex(16));
    let message = response_message(&timestamp, &nonce, body.as_bytes());
    let (serial, mut signature) = match sandbox.platform_certificate.signs_callbacks() {
        true => sandbox.platform_certificate.sign(&message),
        false => (PUBLIC_KEY_ID.to_owned(), sandbox.keys.signer.sign(&message)),
    };
    if fault == Some(Fault::ProbeCallback) {
        signature = format!("WECHATPAY/SIGNTEST/{signature}");
    }
    let body = if fault == Some(Fault::TamperedCallback) { body.replacen("SUCCESS", "SUCCESs", 1) } else { body };
    sandbox
        .http
        .post(&trade.notify_url)
        .header("Content-Type", "application/json")
        .header("Wechatpay-Timestamp", timestamp)
        .header("Wechatpay-Nonce", nonce)
        .header("Wechatpay-Serial", serial)
        .header("Wechatpay-Signature-Type", "WECHATPAY2-SHA256-RSA2048")
        .header("Wechatpay-Signature", signature)
        .body(body)
}

fn alipay(sandbox: &Sandbox, pending: &Pending) -> reqwest::RequestBuilder {
    let Pending { trade, refund, .. } = pending;
    let fault =
        sandbox.faults.first(&[Fault::WrongAmountCallback, Fault::WrongMerchantCallback, Fault::TamperedCallback]);
    let seller = if fault == Some(Fault::WrongMerchantCallback) { "2088000000009999" } else { ALIPAY_SELLER };
    let fen = Fen::new(trade.fen + i64::from(fault == Some(Fault::WrongAmountCallback)));
    let now = china_time::text(Timestamp::now());
    let mut fields = BTreeMap::from(
        [
            ("app_id", ALIPAY_APP.to_owned()),
            ("charset", "utf-8".to_owned()),
            ("notify_id", random_hex(16)),
            ("notify_time", now.clone()),
            ("notify_type", "trade_status_sync".to_owned()),
            ("out_trade_no", trade.no.clone()),
            ("seller_id", seller.to_owned()),
            ("sign_type", "RSA2".to_owned()),
            ("subject", trade.subject.clone()),
            ("total_amount", fen.decimal()),
            ("trade_no", trade.provider_no.clone()),
            ("trade_status", if *refund { "TRADE_CLOSED" } else { "TRADE_SUCCESS" }.to_owned()),
        ]
        .map(|(key, value)| (key.to_owned(), value)),
    );
    if *refund {
        fields.insert("refund_fee".into(), fen.decimal());
        fields.insert("gmt_refund".into(), now);
    }
    fields.insert("sign".into(), sandbox.keys.signer.sign(callback_text(&fields).as_bytes()));
    if fault == Some(Fault::TamperedCallback) {
        fields.insert("total_amount".into(), "0.01".into());
    }
    let body = Serializer::new(String::new()).extend_pairs(&fields).finish();
    sandbox
        .http
        .post(&trade.notify_url)
        .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(body)
}
