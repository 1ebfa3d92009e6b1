//! WeChat Pay API v3. It checks as strictly as WeChat: the signature over the raw request, merchant, serial number, age, nonce and
//! field lengths.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use cloud::provider::wechat::{request_message, response_message};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::Sandbox;
use crate::callbacks;
use crate::faults::Fault;
use crate::keys::{APP_ID, MERCHANT, PUBLIC_KEY_ID, SERIAL, random_hex};
use crate::trades::{OpenError, Provider, Status, Trade};

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

/// An error response: status, WeChat's code, and a message.
struct Refused(StatusCode, &'static str, &'static str);

const NO_SUCH_ORDER: Refused = Refused(StatusCode::NOT_FOUND, "ORDER_NOT_EXIST", "no such order");
const ORDER_PAID: Refused = Refused(StatusCode::BAD_REQUEST, "ORDERPAID", "the order is paid");

const fn param(message: &'static str) -> Refused {
    Refused(StatusCode::BAD_REQUEST, "PARAM_ERROR", message)
}

/// Status and body of a response, or an error response.
type Outcome = Result<(StatusCode, Value), Refused>;

/// A request with everything that its signature covers.
struct Call {
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
}

impl<S: Send + Sync> FromRequest<S> for Call {
    type Rejection = Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Response> {
        let (method, uri, headers) = (request.method().clone(), request.uri().clone(), request.headers().clone());
        let body = Bytes::from_request(request, state).await.map_err(IntoResponse::into_response)?;
        Ok(Self { method, uri, headers, body })
    }
}

/// Verifies a call, applies injected faults, performs the call and signs its response.
async fn respond(sandbox: &Sandbox, call: &Call, perform: impl FnOnce() -> Outcome) -> Response {
    if let Err(refused) = verified(sandbox, call) {
        return unsigned(refused);
    }
    match sandbox.faults.first(&[Fault::Broken, Fault::Busy]) {
        Some(Fault::Busy) => {
            return unsigned(Refused(StatusCode::TOO_MANY_REQUESTS, "FREQUENCY_LIMITED", "too many requests"));
        }
        Some(_) => return unsigned(Refused(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "try again")),
        None => {}
    }
    let outcome = perform();
    match sandbox.faults.first(&[Fault::LostAnswer, Fault::Hang]) {
        Some(Fault::Hang) => tokio::time::sleep(Duration::from_secs(30)).await,
        Some(_) => return unsigned(Refused(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "try again")),
        None => {}
    }
    // Requests that name the public key get responses signed with it; all others with the platform certificate.
    let by_certificate = call.headers.get("Wechatpay-Serial").is_none();
    let signed = |status, body| signed(sandbox, by_certificate, status, body);
    match outcome {
        Ok((status, Value::Null)) => signed(status, String::new()),
        Ok((status, body)) => signed(status, body.to_string()),
        Err(Refused(status, code, message)) => signed(status, json!({"code": code, "message": message}).to_string()),
    }
}

fn unsigned(refused: Refused) -> Response {
    let Refused(status, code, message) = refused;
    (status, axum::Json(json!({"code": code, "message": message}))).into_response()
}

/// A signed response; an empty body is signed, too.
fn signed(sandbox: &Sandbox, by_certificate: bool, status: StatusCode, body: String) -> Response {
    let (timestamp, nonce) = (Timestamp::now().as_second().to_string(), random_hex(16));
    let message = response_message(&timestamp, &nonce, body.as_bytes());
    let fault = sandbox.faults.first(&[Fault::Unsigned, Fault::ForgedSignature, Fault::UnknownSerial, Fault::Tampered]);
    let (serial, signature) = match fault {
        Some(Fault::ForgedSignature) => (PUBLIC_KEY_ID.to_owned(), sandbox.keys.forger.sign(&message)),
        Some(Fault::UnknownSerial) => ("PUB_KEY_ID_UNKNOWN".to_owned(), sandbox.keys.signer.sign(&message)),
        _ if by_certificate => sandbox.platform_certificate.sign(&message),
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
            headers.insert(name, HeaderValue::from_str(&value).expect("the value is ASCII"));
        }
    }
    response
}

/// Verifies signature, merchant, age and nonce of a call.
fn verified(sandbox: &Sandbox, call: &Call) -> Result<(), Refused> {
    let Call { method, uri, headers, body } = call;
    let wrong = |why| Refused(StatusCode::UNAUTHORIZED, "SIGN_ERROR", why);
    let header = headers
        .get("Authorization")
        .and_then(|value| value.to_str().ok())
        .ok_or(wrong("the Authorization header is missing"))?;
    let rest = header.strip_prefix("WECHATPAY2-SHA256-RSA2048 ").ok_or(wrong("the scheme is not supported"))?;
    let field = |name: &str| {
        let (_, after) = rest.split_once(&format!("{name}=\""))?;
        after.split_once('"').map(|(value, _)| value)
    };
    let need = |name| field(name).ok_or(wrong("the Authorization header is incomplete"));
    let (nonce, timestamp, signature) = (need("nonce_str")?, need("timestamp")?, need("signature")?);
    if need("mchid")? != MERCHANT || need("serial_no")? != SERIAL {
        return Err(wrong("the merchant or its certificate is unknown"));
    }
    let signed_at: i64 = timestamp.parse().map_err(|_| wrong("the timestamp is malformed"))?;
    if (Timestamp::now().as_second() - signed_at).abs() > 300 {
        return Err(wrong("the timestamp is out of range"));
    }
    let path = uri.path_and_query().map_or("", |path| path.as_str());
    let body = std::str::from_utf8(body).map_err(|_| wrong("the body is not UTF-8"))?;
    let message = request_message(method.as_str(), path, signed_at, nonce, body);
    if !sandbox.keys.merchant_key.verifies(message.as_bytes(), signature) {
        return Err(wrong("the signature does not verify"));
    }
    if headers.get("Wechatpay-Serial").is_some_and(|id| id != PUBLIC_KEY_ID) {
        return Err(wrong("the public key is unknown"));
    }
    if !sandbox.trades.lock().nonces.insert(nonce.to_owned()) {
        return Err(wrong("the nonce was used before"));
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

/// Requires https without a query; http is accepted only for a loopback address.
fn notify_url(url: &str) -> Result<(), Refused> {
    let secure = url.starts_with("https://") || url.starts_with("http://127.0.0.1");
    if secure && !url.contains('?') { Ok(()) } else { Err(param("notify_url")) }
}

async fn native(State(sandbox): Shared, call: Call) -> Response {
    respond(&sandbox, &call, || open(&sandbox, &call.body)).await
}

fn open(sandbox: &Sandbox, body: &Bytes) -> Outcome {
    let request: Value = serde_json::from_slice(body).map_err(|_| param("the body is not JSON"))?;
    if text(&request, "/appid", 32)? != APP_ID || text(&request, "/mchid", 32)? != MERCHANT {
        return Err(param("appid and mchid do not match"));
    }
    let (no, url) = (text(&request, "/out_trade_no", 32)?, text(&request, "/notify_url", 255)?);
    trade_no(no)?;
    notify_url(url)?;
    let fen = request
        .pointer("/amount/total")
        .and_then(Value::as_i64)
        .filter(|fen| *fen >= 1)
        .ok_or(param("amount.total"))?;
    if request.pointer("/amount/currency").is_some_and(|currency| currency != "CNY") {
        return Err(param("amount.currency"));
    }
    let now = sandbox.trades.now();
    let expires_at: Timestamp = text(&request, "/time_expire", 64)?.parse().map_err(|_| param("time_expire"))?;
    let trade = Trade {
        provider: Provider::Wechat,
        no: no.to_owned(),
        fen,
        subject: text(&request, "/description", 127)?.to_owned(),
        notify_url: url.to_owned(),
        expires_at: expires_at.max(now + SignedDuration::from_mins(1)),
        status: Status::Unpaid,
        provider_no: String::new(),
        paid_at: None,
        refund: None,
        code: format!("weixin://wxpay/bizpayurl?pr={no}"),
    };
    match sandbox.trades.lock().open(trade) {
        Ok(trade) => Ok((StatusCode::OK, json!({"code_url": trade.code}))),
        Err(OpenError::Different) => {
            Err(Refused(StatusCode::BAD_REQUEST, "INVALID_REQUEST", "the number is used with other parameters"))
        }
        Err(OpenError::Paid) => Err(ORDER_PAID),
        Err(OpenError::Closed) => Err(Refused(StatusCode::BAD_REQUEST, "ORDER_CLOSED", "the order is closed")),
    }
}

async fn query(State(sandbox): Shared, Path(no): Path<String>, call: Call) -> Response {
    respond(&sandbox, &call, || {
        if call.uri.query() != Some(&format!("mchid={MERCHANT}")) {
            return Err(param("mchid"));
        }
        let trades = sandbox.trades.lock();
        let trade = trades.trades.get(&(Provider::Wechat, no)).ok_or(NO_SUCH_ORDER)?;
        let state = match trade.status {
            Status::Unpaid => "NOTPAY",
            Status::Closed => "CLOSED",
            Status::Paid => "SUCCESS",
            Status::Refunded => "REFUND",
        };
        let mut response = json!({"appid": APP_ID, "mchid": MERCHANT, "out_trade_no": trade.no, "trade_state": state,
                                  "trade_state_desc": state, "amount": {"total": trade.fen, "currency": "CNY"}});
        if !trade.provider_no.is_empty() {
            response["transaction_id"] = trade.provider_no.clone().into();
        }
        Ok((StatusCode::OK, response))
    })
    .await
}

async fn close(State(sandbox): Shared, Path(no): Path<String>, call: Call) -> Response {
    respond(&sandbox, &call, || match sandbox.trades.lock().close(Provider::Wechat, &no) {
        None => Err(NO_SUCH_ORDER),
        Some(true) => Err(ORDER_PAID),
        Some(false) => Ok((StatusCode::NO_CONTENT, Value::Null)),
    })
    .await
}

async fn refund(State(sandbox): Shared, call: Call) -> Response {
    respond(&sandbox, &call, || {
        let request: Value = serde_json::from_slice(&call.body).map_err(|_| param("the body is not JSON"))?;
        let (no, refund_no) = (text(&request, "/out_trade_no", 32)?, text(&request, "/out_refund_no", 64)?);
        text(&request, "/reason", 80)?;
        notify_url(text(&request, "/notify_url", 255)?)?;
        let fen = |pointer| request.pointer(pointer).and_then(Value::as_i64);
        let total = fen("/amount/total").filter(|total| Some(*total) == fen("/amount/refund"));
        let total = total.ok_or(param("amount"))?;
        let now = sandbox.trades.now();
        let trade = sandbox.trades.lock().refund(Provider::Wechat, no, refund_no, total, now).cloned();
        let trade = trade.ok_or(Refused(StatusCode::BAD_REQUEST, "INVALID_REQUEST", "nothing to refund"))?;
        if trade.refund.as_ref().is_some_and(|refund| !refund.done) {
            callbacks::refunded(&sandbox, &trade);
        }
        Ok((StatusCode::OK, json!({"out_refund_no": refund_no, "out_trade_no": no, "status": "PROCESSING"})))
    })
    .await
}

async fn query_refund(State(sandbox): Shared, Path(no): Path<String>, call: Call) -> Response {
    respond(&sandbox, &call, || {
        let mut trades = sandbox.trades.lock();
        let refund =
            trades.trades.values_mut().filter_map(|trade| trade.refund.as_mut()).find(|refund| refund.no == no);
        let refund = refund.ok_or(Refused(StatusCode::NOT_FOUND, "RESOURCE_NOT_EXISTS", "no such refund"))?;
        refund.done = true;
        Ok((StatusCode::OK, json!({"out_refund_no": no, "status": "SUCCESS"})))
    })
    .await
}

async fn certificates(State(sandbox): Shared, call: Call) -> Response {
    let key = &sandbox.keys.api_v3_key;
    respond(&sandbox, &call, || Ok((StatusCode::OK, json!({"data": [sandbox.platform_certificate.sealed(key)]})))).await
}
