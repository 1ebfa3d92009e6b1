//! WeChat Pay API v3 as strict as the real one: canonical text from the raw request, merchant, serial, age, nonce, field lengths.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use cloud::provider::wechat::{request_message, response_message};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::Sandbox;
use crate::bank::{NotOpened, Provider, Status, Trade};
use crate::faults::Fault;
use crate::keys::{APP_ID, MERCHANT, PUBLIC_KEY_ID, SERIAL, hex};
use crate::notify;

type Shared = State<Arc<Sandbox>>;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new()
        .route("/v3/pay/transactions/native", post(native))
        .route("/v3/pay/transactions/out-trade-no/{no}", get(query))
        .route("/v3/pay/transactions/out-trade-no/{no}/close", post(close))
        .route("/v3/refund/domestic/refunds", post(refund))
        .route("/v3/refund/domestic/refunds/{no}", get(query_refund))
        .route("/v3/certificates", get(certificates))
}

/// A refusal as the provider words it.
struct Refused(StatusCode, &'static str, &'static str);

const fn param(message: &'static str) -> Refused {
    Refused(StatusCode::BAD_REQUEST, "PARAM_ERROR", message)
}

/// What a call comes to.
type Outcome = Result<(StatusCode, Value), Refused>;

async fn answered(
    sandbox: &Sandbox,
    method: Method,
    uri: &Uri,
    headers: &HeaderMap,
    body: &Bytes,
    act: impl FnOnce() -> Outcome,
) -> Response {
    if let Err(refused) = verified(sandbox, &method, uri, headers, body) {
        return plain(refused);
    }
    match sandbox.faults.first(&[Fault::Broken, Fault::Busy]) {
        Some(Fault::Busy) => return plain(Refused(StatusCode::TOO_MANY_REQUESTS, "FREQUENCY_LIMITED", "slow down")),
        Some(_) => return plain(Refused(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "try again")),
        None => {}
    }
    let outcome = act();
    match sandbox.faults.first(&[Fault::LostAnswer, Fault::Hang]) {
        Some(Fault::Hang) => tokio::time::sleep(Duration::from_secs(30)).await,
        Some(_) => return plain(Refused(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "it happened")),
        None => {}
    }
    // Who names the public key is answered with it, everybody else with the platform certificate.
    let by_certificate = headers.get("Wechatpay-Serial").is_none();
    let signed = |status, body| signed(sandbox, by_certificate, status, body);
    match outcome {
        Ok((status, Value::Null)) => signed(status, String::new()),
        Ok((status, body)) => signed(status, body.to_string()),
        Err(Refused(status, code, message)) => signed(status, json!({"code": code, "message": message}).to_string()),
    }
}

fn plain(refused: Refused) -> Response {
    let Refused(status, code, message) = refused;
    (status, axum::Json(json!({"code": code, "message": message}))).into_response()
}

/// Every answer is signed, an empty one too.
fn signed(sandbox: &Sandbox, by_certificate: bool, status: StatusCode, body: String) -> Response {
    let (timestamp, nonce) = (Timestamp::now().as_second().to_string(), hex(16));
    let message = response_message(&timestamp, &nonce, body.as_bytes());
    let fault = sandbox.faults.first(&[Fault::Unsigned, Fault::Forged, Fault::UnknownSerial, Fault::Tampered]);
    let (serial, signature) = match fault {
        Some(Fault::Forged) => (PUBLIC_KEY_ID.to_owned(), sandbox.keys.forger.sign(&message)),
        Some(Fault::UnknownSerial) => ("PUB_KEY_ID_UNKNOWN".to_owned(), sandbox.keys.signer.sign(&message)),
        _ if by_certificate => sandbox.platform.sign(&message),
        _ => (PUBLIC_KEY_ID.to_owned(), sandbox.keys.signer.sign(&message)),
    };
    let sent = if fault == Some(Fault::Tampered) { format!("{body} ") } else { body };
    let mut response = (status, sent).into_response();
    let headers = response.headers_mut();
    headers.insert("Content-Type", HeaderValue::from_static("application/json"));
    if fault != Some(Fault::Unsigned) {
        let pairs = [
            ("Wechatpay-Timestamp", timestamp),
            ("Wechatpay-Nonce", nonce),
            ("Wechatpay-Serial", serial),
            ("Wechatpay-Signature", signature),
        ];
        for (name, value) in pairs {
            headers.insert(name, HeaderValue::from_str(&value).expect("plain text"));
        }
    }
    response
}

/// Is the request the merchant's, of now, and never seen before?
fn verified(sandbox: &Sandbox, method: &Method, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Result<(), Refused> {
    let wrong = |why| Refused(StatusCode::UNAUTHORIZED, "SIGN_ERROR", why);
    let header = headers.get("Authorization").and_then(|value| value.to_str().ok()).ok_or(wrong("no Authorization"))?;
    let rest = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").ok_or(wrong("another scheme"))?;
    let field = |name: &str| {
        let (_, after) = rest.split_once(&format!("{name}=\""))?;
        after.split_once('"').map(|(value, _)| value)
    };
    let need = |name| field(name).ok_or(wrong("an incomplete Authorization"));
    let (nonce, timestamp, signature) = (need("nonce_str")?, need("timestamp")?, need("signature")?);
    if need("mchid")? != MERCHANT || need("serial_no")? != SERIAL {
        return Err(wrong("another merchant"));
    }
    let signed_at: i64 = timestamp.parse().map_err(|_| wrong("no time"))?;
    if (Timestamp::now().as_second() - signed_at).abs() > 300 {
        return Err(wrong("stale"));
    }
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let body = std::str::from_utf8(body).map_err(|_| wrong("no text"))?;
    let message = request_message(method.as_str(), path, signed_at, nonce, body);
    if !sandbox.keys.merchant_key.verifies(message.as_bytes(), signature) {
        return Err(wrong("the signature does not verify"));
    }
    if headers.get("Wechatpay-Serial").is_some_and(|id| id != PUBLIC_KEY_ID) {
        return Err(wrong("no such public key"));
    }
    if !sandbox.bank.books().nonces.insert(nonce.to_owned()) {
        return Err(wrong("a nonce used before"));
    }
    Ok(())
}

fn text<'a>(body: &'a Value, pointer: &str, most: usize) -> Result<&'a str, Refused> {
    let value = body.pointer(pointer).and_then(Value::as_str).ok_or(param("a field is missing"))?;
    if value.is_empty() || value.len() > most { Err(param("a field is too long or empty")) } else { Ok(value) }
}

fn trade_no(no: &str) -> Result<(), Refused> {
    let fits =
        (6..=32).contains(&no.len()) && no.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-|*".contains(&byte));
    if fits { Ok(()) } else { Err(param("out_trade_no")) }
}

/// https without a query; plain http only to this machine itself.
fn notify_url(url: &str) -> Result<(), Refused> {
    let secure = url.starts_with("https://") || url.starts_with("http://127.0.0.1");
    if secure && !url.contains('?') { Ok(()) } else { Err(param("notify_url")) }
}

async fn native(State(sandbox): Shared, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    answered(&sandbox, method, &uri, &headers, &body, || open(&sandbox, &body)).await
}

fn open(sandbox: &Sandbox, body: &Bytes) -> Outcome {
    let wish: Value = serde_json::from_slice(body).map_err(|_| param("no JSON"))?;
    if text(&wish, "/appid", 32)? != APP_ID || text(&wish, "/mchid", 32)? != MERCHANT {
        return Err(param("appid and mchid do not fit"));
    }
    let (no, url) = (text(&wish, "/out_trade_no", 32)?, text(&wish, "/notify_url", 255)?);
    trade_no(no)?;
    notify_url(url)?;
    let fen =
        wish.pointer("/amount/total").and_then(Value::as_i64).filter(|fen| *fen >= 1).ok_or(param("amount.total"))?;
    if wish.pointer("/amount/currency").is_some_and(|currency| currency != "CNY") {
        return Err(param("amount.currency"));
    }
    let now = sandbox.bank.now();
    let expires_at: Timestamp = text(&wish, "/time_expire", 64)?.parse().map_err(|_| param("time_expire"))?;
    let trade = Trade {
        provider: Provider::Wechat,
        no: no.to_owned(),
        fen,
        subject: text(&wish, "/description", 127)?.to_owned(),
        notify_url: url.to_owned(),
        expires_at: expires_at.max(now + SignedDuration::from_mins(1)),
        status: Status::Unpaid,
        provider_no: String::new(),
        paid_at: None,
        refund: None,
        code: format!("weixin://wxpay/bizpayurl?pr={no}"),
    };
    match sandbox.bank.books().open(trade) {
        Ok(trade) => Ok((StatusCode::OK, json!({"code_url": trade.code}))),
        Err(NotOpened::Different) => {
            Err(Refused(StatusCode::BAD_REQUEST, "INVALID_REQUEST", "the same number, other parameters"))
        }
        Err(NotOpened::Paid) => Err(Refused(StatusCode::BAD_REQUEST, "ORDERPAID", "it is paid")),
        Err(NotOpened::Closed) => Err(Refused(StatusCode::BAD_REQUEST, "ORDER_CLOSED", "it is closed")),
    }
}

async fn query(
    State(sandbox): Shared,
    Path(no): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let found = || {
        if uri.query() != Some(&format!("mchid={MERCHANT}")) {
            return Err(param("mchid"));
        }
        let books = sandbox.bank.books();
        let trade = books.trades.get(&(Provider::Wechat, no.clone()));
        let trade = trade.ok_or(Refused(StatusCode::NOT_FOUND, "ORDER_NOT_EXIST", "no such order"))?;
        let state = match trade.status {
            Status::Unpaid => "NOTPAY",
            Status::Closed => "CLOSED",
            Status::Paid => "SUCCESS",
            Status::Refunded => "REFUND",
        };
        let mut answer = json!({"appid": APP_ID, "mchid": MERCHANT, "out_trade_no": trade.no, "trade_state": state,
                                "trade_state_desc": state, "amount": {"total": trade.fen, "currency": "CNY"}});
        if !trade.provider_no.is_empty() {
            answer["transaction_id"] = trade.provider_no.clone().into();
        }
        Ok((StatusCode::OK, answer))
    };
    answered(&sandbox, method, &uri, &headers, &body, found).await
}

async fn close(
    State(sandbox): Shared,
    Path(no): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let close = || match sandbox.bank.books().close(Provider::Wechat, &no) {
        None => Err(Refused(StatusCode::NOT_FOUND, "ORDER_NOT_EXIST", "no such order")),
        Some(true) => Err(Refused(StatusCode::BAD_REQUEST, "ORDERPAID", "it is paid")),
        Some(false) => Ok((StatusCode::NO_CONTENT, Value::Null)),
    };
    answered(&sandbox, method, &uri, &headers, &body, close).await
}

async fn refund(State(sandbox): Shared, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let accept = || {
        let wish: Value = serde_json::from_slice(&body).map_err(|_| param("no JSON"))?;
        let (no, refund_no) = (text(&wish, "/out_trade_no", 32)?, text(&wish, "/out_refund_no", 64)?);
        text(&wish, "/reason", 80)?;
        notify_url(text(&wish, "/notify_url", 255)?)?;
        let fen = |pointer| wish.pointer(pointer).and_then(Value::as_i64);
        let total = fen("/amount/total").filter(|total| Some(*total) == fen("/amount/refund"));
        let total = total.ok_or(param("amount"))?;
        let now = sandbox.bank.now();
        let mut books = sandbox.bank.books();
        let trade = books.refund(Provider::Wechat, no, refund_no, total, now);
        let trade = trade.ok_or(Refused(StatusCode::BAD_REQUEST, "INVALID_REQUEST", "nothing to refund"))?.clone();
        drop(books);
        let first = trade.refund.as_ref().is_some_and(|refund| !refund.done);
        if first {
            notify::refunded(&sandbox, &trade);
        }
        Ok((StatusCode::OK, json!({"out_refund_no": refund_no, "out_trade_no": no, "status": "PROCESSING"})))
    };
    answered(&sandbox, method, &uri, &headers, &body, accept).await
}

async fn query_refund(
    State(sandbox): Shared,
    Path(no): Path<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let found = || {
        let mut books = sandbox.bank.books();
        let refund = books.trades.values_mut().filter_map(|trade| trade.refund.as_mut()).find(|refund| refund.no == no);
        let refund = refund.ok_or(Refused(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", "no such refund"))?;
        refund.done = true;
        Ok((StatusCode::OK, json!({"out_refund_no": no, "status": "SUCCESS"})))
    };
    answered(&sandbox, method, &uri, &headers, &body, found).await
}

async fn certificates(State(sandbox): Shared, method: Method, uri: Uri, headers: HeaderMap, body: Bytes) -> Response {
    let key = &sandbox.keys.api_v3_key;
    let list = || Ok((StatusCode::OK, json!({"data": [sandbox.platform.sealed(key)]})));
    answered(&sandbox, method, &uri, &headers, &body, list).await
}
