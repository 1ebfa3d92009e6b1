//! Callbacks, sent as long as the providers would send them.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use cloud::provider::alipay::notice_text;
use cloud::provider::wechat::{ResourceKey, response_message};
use domain::china_time;
use domain::money::Fen;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use std::collections::BTreeMap;
use url::form_urlencoded::Serializer;

use crate::Sandbox;
use crate::bank::{Provider, Trade};
use crate::faults::Fault;
use crate::keys::{ALIPAY_APP, ALIPAY_SELLER, APP_ID, MERCHANT, PUBLIC_KEY_ID, hex};

/// Both providers give up on an answer after this.
pub const ANSWER_WITHIN: Duration = Duration::from_secs(5);
const LOOK_EVERY: Duration = Duration::from_millis(100);

/// Seconds between one call and the next.
const WECHAT_RETRIES: [i64; 15] =
    [15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10_800, 10_800, 10_800, 21_600, 21_600];
const ALIPAY_RETRIES: [i64; 7] = [240, 600, 600, 3600, 7200, 21_600, 54_000];

struct Pending {
    trade: Trade,
    refund: bool,
    tries: usize,
    due: Timestamp,
}

static QUEUE: LazyLock<Mutex<Vec<Pending>>> = LazyLock::new(Mutex::default);

fn queue(sandbox: &Sandbox, trade: &Trade, refund: bool) {
    let copies = match () {
        () if sandbox.faults.take(Fault::DropNotice) => 0,
        () if sandbox.faults.take(Fault::DuplicateNotice) => 2,
        () => 1,
    };
    let due = sandbox.bank.now();
    for _ in 0..copies {
        QUEUE.lock().expect("queue").push(Pending { trade: trade.clone(), refund, tries: 0, due });
    }
}

pub fn paid(sandbox: &Sandbox, trade: &Trade) {
    queue(sandbox, trade, false);
}

pub fn refunded(sandbox: &Sandbox, trade: &Trade) {
    queue(sandbox, trade, true);
}

/// Sends one notice so many times at once, whatever was sent before. Answers which were taken.
pub async fn again(sandbox: &Arc<Sandbox>, trade: &Trade, times: usize) -> Vec<bool> {
    let send = |_| {
        let (sandbox, trade, due) = (sandbox.clone(), trade.clone(), sandbox.bank.now());
        tokio::spawn(async move { send(&sandbox, &Pending { trade, refund: false, tries: 0, due }).await })
    };
    let sent: Vec<_> = (0..times).map(send).collect();
    let mut taken = Vec::new();
    for one in sent {
        taken.push(one.await.unwrap_or(false));
    }
    taken
}

/// Delivers what is due, for ever.
pub async fn deliver(sandbox: Arc<Sandbox>) {
    loop {
        let now = sandbox.bank.now();
        let due: Vec<Pending> = {
            let mut queue = QUEUE.lock().expect("queue");
            let (due, later) = queue.drain(..).partition(|pending| pending.due <= now);
            *queue = later;
            due
        };
        for mut pending in due {
            let taken = send(&sandbox, &pending).await;
            let retries: &[i64] =
                if pending.trade.provider == Provider::Wechat { &WECHAT_RETRIES } else { &ALIPAY_RETRIES };
            if let (false, Some(wait)) = (taken, retries.get(pending.tries)) {
                pending.tries += 1;
                pending.due = sandbox.bank.now() + SignedDuration::from_secs(*wait);
                QUEUE.lock().expect("queue").push(pending);
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}

/// Answers whether the merchant took it.
async fn send(sandbox: &Sandbox, pending: &Pending) -> bool {
    let request = match pending.trade.provider {
        Provider::Wechat => wechat(sandbox, pending),
        Provider::Alipay => alipay(sandbox, pending),
    };
    let Ok(answer) = request.send().await else { return false };
    match pending.trade.provider {
        Provider::Wechat => matches!(answer.status().as_u16(), 200 | 204),
        Provider::Alipay => answer.status().is_success() && answer.bytes().await.is_ok_and(|body| body == "success"),
    }
}

fn wechat(sandbox: &Sandbox, pending: &Pending) -> reqwest::RequestBuilder {
    let Pending { trade, refund, .. } = pending;
    let fault = sandbox.faults.first(&[
        Fault::WrongAmountNotice,
        Fault::WrongMerchantNotice,
        Fault::TamperedNotice,
        Fault::StaleNotice,
        Fault::ProbeNotice,
    ]);
    let merchant = if fault == Some(Fault::WrongMerchantNotice) { "1900009999" } else { MERCHANT };
    let fen = trade.fen + i64::from(fault == Some(Fault::WrongAmountNotice));
    let plain = if *refund {
        json!({"mchid": merchant, "out_trade_no": trade.no, "transaction_id": trade.provider_no, "refund_status": "SUCCESS",
               "out_refund_no": trade.refund.as_ref().map(|refund| &refund.no), "amount": {"total": fen, "refund": fen}})
    } else {
        json!({"appid": APP_ID, "mchid": merchant, "out_trade_no": trade.no, "transaction_id": trade.provider_no,
               "trade_state": "SUCCESS", "trade_type": "NATIVE", "amount": {"total": fen, "payer_total": fen, "currency": "CNY"}})
    };
    let key = ResourceKey::new(&sandbox.keys.api_v3_key).expect("a key of 32 characters");
    let kind = if *refund { "refund" } else { "transaction" };
    let sealed = key.seal(plain.to_string().as_bytes(), &hex(6), kind, kind).expect("a nonce of 12 characters");
    let event = if *refund { "REFUND.SUCCESS" } else { "TRANSACTION.SUCCESS" };
    let body = json!({"id": hex(16), "event_type": event, "resource_type": "encrypt-resource", "resource": sealed})
        .to_string();
    let age = if fault == Some(Fault::StaleNotice) { 600 } else { 0 };
    let (timestamp, nonce) = ((Timestamp::now().as_second() - age).to_string(), hex(16));
    let message = response_message(&timestamp, &nonce, body.as_bytes());
    let (serial, mut signature) = match sandbox.platform.certifies_notices() {
        true => sandbox.platform.sign(&message),
        false => (PUBLIC_KEY_ID.to_owned(), sandbox.keys.signer.sign(&message)),
    };
    if fault == Some(Fault::ProbeNotice) {
        signature = format!("WECHATPAY/SIGNTEST/{signature}");
    }
    let body = if fault == Some(Fault::TamperedNotice) { body.replacen("SUCCESS", "SUCCESs", 1) } else { body };
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
    let fault = sandbox.faults.first(&[Fault::WrongAmountNotice, Fault::WrongMerchantNotice, Fault::TamperedNotice]);
    let seller = if fault == Some(Fault::WrongMerchantNotice) { "2088000000009999" } else { ALIPAY_SELLER };
    let fen = Fen::new(trade.fen + i64::from(fault == Some(Fault::WrongAmountNotice)));
    let now = china_time::text(Timestamp::now());
    let mut fields = BTreeMap::from(
        [
            ("app_id", ALIPAY_APP.to_owned()),
            ("charset", "utf-8".to_owned()),
            ("notify_id", hex(16)),
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
    fields.insert("sign".into(), sandbox.keys.signer.sign(notice_text(&fields).as_bytes()));
    if fault == Some(Fault::TamperedNotice) {
        fields.insert("total_amount".into(), "0.01".into());
    }
    let body = Serializer::new(String::new()).extend_pairs(&fields).finish();
    sandbox
        .http
        .post(&trade.notify_url)
        .header("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
        .body(body)
}
