//! Alipay's gateway and payment page.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use cloud::provider::alipay::request_text;
use domain::money::Fen;
use jiff::civil::DateTime;
use jiff::tz::{TimeZone, offset};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::ALIPAY_APP;
use crate::trades::{OpenError, Provider, Status, Trade};
use crate::{callbacks, payer_page};

type Fields = BTreeMap<String, String>;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new().route("/gateway.do", get(page).post(gateway))
}

fn fields(encoded: &[u8]) -> Fields {
    url::form_urlencoded::parse(encoded).map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

/// Parses China time without an offset, as Alipay writes it.
fn time(text: &str) -> Option<Timestamp> {
    let local: DateTime = text.parse().ok()?;
    local.to_zoned(TimeZone::fixed(offset(8))).ok().map(|zoned| zoned.timestamp())
}

fn verified(sandbox: &Sandbox, fields: &Fields) -> Result<Value, &'static str> {
    let field = |name: &str| fields.get(name).map_or("", String::as_str);
    let fixed =
        [("app_id", ALIPAY_APP), ("format", "JSON"), ("charset", "utf-8"), ("sign_type", "RSA2"), ("version", "1.0")];
    if fixed.iter().any(|(name, value)| field(name) != *value) {
        return Err("isv.invalid-app-id");
    }
    if !sandbox.keys.merchant_key.verifies(request_text(fields).as_bytes(), field("sign")) {
        return Err("isv.invalid-signature");
    }
    let sent = time(field("timestamp")).ok_or("isv.invalid-timestamp")?;
    if Timestamp::now().duration_since(sent).abs() > SignedDuration::from_mins(15) {
        return Err("isv.invalid-timestamp");
    }
    serde_json::from_str(field("biz_content")).map_err(|_| "isv.invalid-parameter")
}

/// The payment page to which a browser is sent.
async fn page(State(sandbox): State<Arc<Sandbox>>, RawQuery(query): RawQuery) -> Response {
    let fields = fields(query.unwrap_or_default().as_bytes());
    let content = match verified(&sandbox, &fields) {
        Ok(content)
            if fields["method"] == "alipay.trade.page.pay" && content["product_code"] == "FAST_INSTANT_TRADE_PAY" =>
        {
            content
        }
        Ok(_) => return (StatusCode::BAD_REQUEST, "isv.invalid-parameter").into_response(),
        Err(why) => return (StatusCode::BAD_REQUEST, why).into_response(),
    };
    let Ok(code) = open(&sandbox, &fields, &content) else {
        return (StatusCode::CONFLICT, "ACQ.TRADE_HAS_CLOSE").into_response();
    };
    let back = fields.get("return_url").cloned().unwrap_or_default();
    payer_page::page(&sandbox, &payer_page::Scanned { code, back })
}

async fn gateway(State(sandbox): State<Arc<Sandbox>>, body: Bytes) -> Response {
    let fields = fields(&body);
    let method = fields.get("method").cloned().unwrap_or_default();
    let node = format!("{}_response", method.replace('.', "_"));
    match sandbox.faults.first(&[Fault::Broken, Fault::Busy]) {
        Some(Fault::Busy) => return signed(&sandbox, &node, &json!({"code": "40005", "msg": "busy"})),
        Some(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        None => {}
    }
    let content = match verified(&sandbox, &fields) {
        Ok(content) => content,
        Err(why) => {
            let error = json!({"code": "40002", "msg": "Invalid Arguments", "sub_code": why});
            return json_text(json!({"error_response": error}).to_string());
        }
    };
    let outcome = perform(&sandbox, &method, &fields, &content);
    match sandbox.faults.first(&[Fault::LostAnswer, Fault::Hang]) {
        Some(Fault::Hang) => tokio::time::sleep(Duration::from_secs(30)).await,
        Some(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        None => {}
    }
    match outcome {
        Ok(mut good) => {
            (good["code"], good["msg"]) = ("10000".into(), "Success".into());
            signed(&sandbox, &node, &good)
        }
        Err(sub) => signed(&sandbox, &node, &json!({"code": "40004", "msg": "Business Failed", "sub_code": sub})),
    }
}

/// A response that is signed over the exact text of its result.
fn signed(sandbox: &Sandbox, node: &str, content: &Value) -> Response {
    let text = content.to_string();
    let fault = sandbox.faults.first(&[Fault::Unsigned, Fault::ForgedSignature, Fault::UnknownSerial, Fault::Tampered]);
    let signer = if fault == Some(Fault::ForgedSignature) { &sandbox.keys.forger } else { &sandbox.keys.signer };
    let sign = signer.sign(text.as_bytes());
    json_text(match fault {
        Some(Fault::Unsigned) => format!(r#"{{"{node}":{text}}}"#),
        Some(Fault::Tampered) => format!(r#"{{"{node}":{},"sign":"{sign}"}}"#, text.replacen(':', ": ", 1)),
        Some(Fault::UnknownSerial) => format!(r#"{{"{node}":{text},"sign":"{sign}","{node}":{text}}}"#),
        _ => format!(r#"{{"{node}":{text},"sign":"{sign}"}}"#),
    })
}

fn json_text(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html;charset=utf-8")], text).into_response()
}

fn perform(sandbox: &Sandbox, method: &str, fields: &Fields, content: &Value) -> Result<Value, &'static str> {
    let no = content["out_trade_no"].as_str().unwrap_or_default();
    match method {
        "alipay.trade.precreate" => {
            let code = open(sandbox, fields, content)?;
            Ok(json!({"out_trade_no": no, "qr_code": code}))
        }
        "alipay.trade.query" => query(sandbox, no),
        "alipay.trade.close" => match sandbox.trades.lock().close(Provider::Alipay, no) {
            None => Err("ACQ.TRADE_NOT_EXIST"),
            Some(true) => Err("ACQ.TRADE_STATUS_ERROR"),
            Some(false) => Ok(json!({"out_trade_no": no})),
        },
        "alipay.trade.refund" => refund(sandbox, no, content),
        "alipay.trade.fastpay.refund.query" => {
            let trades = sandbox.trades.lock();
            let trade = trades.trades.get(&(Provider::Alipay, no.to_owned())).ok_or("ACQ.TRADE_NOT_EXIST")?;
            let asked = content["out_request_no"].as_str().unwrap_or_default();
            let known = trade.refund.as_ref().is_some_and(|refund| refund.no == asked);
            Ok(if known { json!({"refund_status": "REFUND_SUCCESS"}) } else { json!({}) })
        }
        _ => Err("isv.invalid-method"),
    }
}

fn open(sandbox: &Sandbox, fields: &Fields, content: &Value) -> Result<String, &'static str> {
    let text = |name: &str| content[name].as_str().unwrap_or_default();
    let no = text("out_trade_no");
    let number_fits =
        (1..=64).contains(&no.len()) && no.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let amount = Fen::from_yuan(text("total_amount")).ok().filter(|amount| *amount > Fen::ZERO);
    let subject = text("subject");
    let (true, Some(amount), false) = (number_fits, amount, subject.is_empty()) else {
        return Err("ACQ.INVALID_PARAMETER");
    };
    let trade = Trade {
        provider: Provider::Alipay,
        no: no.to_owned(),
        fen: amount.get(),
        subject: subject.to_owned(),
        notify_url: fields.get("notify_url").cloned().unwrap_or_default(),
        expires_at: time(text("time_expire")).ok_or("ACQ.INVALID_PARAMETER")?,
        status: Status::Unpaid,
        provider_no: String::new(),
        paid_at: None,
        refund: None,
        code: format!("https://qr.alipay.com/{no}"),
    };
    match sandbox.trades.lock().open(trade) {
        Ok(trade) => Ok(trade.code.clone()),
        Err(OpenError::Different) => Err("ACQ.CONTEXT_INCONSISTENT"),
        Err(OpenError::Paid) => Err("ACQ.TRADE_HAS_SUCCESS"),
        Err(OpenError::Closed) => Err("ACQ.TRADE_HAS_CLOSE"),
    }
}

fn query(sandbox: &Sandbox, no: &str) -> Result<Value, &'static str> {
    let trades = sandbox.trades.lock();
    let trade = trades.trades.get(&(Provider::Alipay, no.to_owned())).ok_or("ACQ.TRADE_NOT_EXIST")?;
    let status = match trade.status {
        Status::Unpaid => "WAIT_BUYER_PAY",
        Status::Paid => "TRADE_SUCCESS",
        // Alipay reports a fully refunded trade as closed.
        Status::Closed | Status::Refunded => "TRADE_CLOSED",
    };
    let amount = Fen::new(trade.fen).decimal();
    Ok(json!({"out_trade_no": no, "trade_no": trade.provider_no, "trade_status": status, "total_amount": amount}))
}

fn refund(sandbox: &Sandbox, no: &str, content: &Value) -> Result<Value, &'static str> {
    let text = |name: &str| content[name].as_str().unwrap_or_default();
    let amount = Fen::from_yuan(text("refund_amount")).map_err(|_| "ACQ.INVALID_PARAMETER")?;
    let now = sandbox.trades.now();
    let mut trades = sandbox.trades.lock();
    let trade = trades
        .refund(Provider::Alipay, no, text("out_request_no"), amount.get(), now)
        .ok_or("ACQ.TRADE_STATUS_ERROR")?;
    let refund = trade.refund.as_mut().expect("the refund was accepted above");
    let change = if refund.done { "N" } else { "Y" };
    refund.done = true;
    let trade = trade.clone();
    drop(trades);
    if change == "Y" {
        callbacks::refunded(sandbox, &trade);
    }
    Ok(json!({"out_trade_no": no, "fund_change": change, "refund_fee": amount.decimal()}))
}
