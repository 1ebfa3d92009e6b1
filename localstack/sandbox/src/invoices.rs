//! The provider of electronic invoices: it accepts requests, completes them shortly afterwards, calls back and keeps the documents.
//!
//! It checks every request as strictly as a real gateway: signature, age, nonce, every field, and that the number was not used before.

mod callbacks;
mod document;
mod requests;
mod validation;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloud::provider::einvoice::{is_recent, request_text, response_text, sign, verifies};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::EINVOICE_APP;

pub use callbacks::deliver;
pub use requests::Requests;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new().route("/einvoice/invoices/{action}", post(handle)).route("/control/invoices", get(list))
}

/// An error response: code and message.
struct Refusal(u32, &'static str);

async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<requests::Request>> {
    Json(sandbox.invoices.all())
}

async fn handle(
    State(sandbox): State<Arc<Sandbox>>,
    Path(action): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let nonce = header(&headers, "X-Nonce").to_owned();
    match sandbox.faults.first(&[Fault::Broken, Fault::Busy]) {
        Some(Fault::Busy) => {
            return signed(&sandbox, &nonce, StatusCode::TOO_MANY_REQUESTS, &error(&Refusal(42_900, "busy")));
        }
        Some(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        None => {}
    }
    if let Err(refused) = verified(&sandbox, &uri, &headers, &body) {
        return signed(&sandbox, &nonce, StatusCode::UNAUTHORIZED, &error(&refused));
    }
    let outcome = perform(&sandbox, &action, &body);
    match sandbox.faults.first(&[Fault::LostAnswer, Fault::Hang]) {
        Some(Fault::Hang) => tokio::time::sleep(Duration::from_secs(30)).await,
        Some(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        None => {}
    }
    let content = match outcome {
        Ok(data) => json!({"code": 200, "msg": "success", "data": data}),
        Err(refused) => error(&refused),
    };
    signed(&sandbox, &nonce, StatusCode::OK, &content)
}

fn error(Refusal(code, msg): &Refusal) -> Value {
    json!({"code": code, "msg": msg})
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn verified(sandbox: &Sandbox, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Result<(), Refusal> {
    let header = |name: &str| header(headers, name);
    let (timestamp, nonce) = (header("X-Timestamp"), header("X-Nonce"));
    if header("X-App-Key") != EINVOICE_APP {
        return Err(Refusal(40_101, "unknown appKey"));
    }
    if !is_recent(timestamp, Timestamp::now().as_second()) {
        return Err(Refusal(40_102, "timestamp out of range"));
    }
    if !verifies(
        &sandbox.keys.einvoice_secret,
        &request_text("POST", uri.path(), timestamp, nonce, body),
        header("X-Signature"),
    ) {
        return Err(Refusal(40_103, "signature does not verify"));
    }
    if nonce.len() < 16 || !sandbox.invoices.use_nonce(nonce) {
        return Err(Refusal(40_104, "nonce used"));
    }
    Ok(())
}

fn perform(sandbox: &Sandbox, action: &str, body: &[u8]) -> Result<Value, Refusal> {
    let body: Value = serde_json::from_slice(body).map_err(|_| Refusal(40_000, "not JSON"))?;
    let (requests, now) = (&sandbox.invoices, sandbox.trades.now());
    match action {
        "issue" | "reverse" => {
            let mut request =
                if action == "issue" { validation::issue(&body)? } else { validation::reverse(&body, requests)? };
            if sandbox.faults.take(Fault::RefuseInvoice) {
                request.refuse = Some("红字或蓝字发票未通过税务校验".into());
            }
            let delay = if sandbox.faults.take(Fault::SlowInvoice) { requests::SLOW_DELAY } else { requests::DELAY };
            requests.add(request, now + delay).ok_or(Refusal(40_901, "duplicate orderNo"))?;
            Ok(json!({"orderNo": body["orderNo"]}))
        }
        "query" => {
            let request = find(requests, &body)?;
            Ok(request.status(sandbox.faults.take(Fault::Disconnected)))
        }
        "file" => {
            let request = find(requests, &body)?;
            let document = request.document().ok_or(Refusal(40_902, "not issued"))?;
            Ok(json!({"fileType": "pdf", "content": STANDARD.encode(document::pdf(&request, document))}))
        }
        _ => Err(Refusal(40_401, "no such action")),
    }
}

fn find(requests: &Requests, body: &Value) -> Result<requests::Request, Refusal> {
    let no = body["orderNo"].as_str().ok_or(Refusal(42_200, "orderNo"))?;
    requests.find(no).ok_or(Refusal(40_400, "no such orderNo"))
}

/// A signed response. The request's nonce is part of the signed text.
fn signed(sandbox: &Sandbox, nonce: &str, status: StatusCode, content: &Value) -> Response {
    let (body, timestamp) = (content.to_string(), Timestamp::now().as_second().to_string());
    let fault = sandbox.faults.first(&[Fault::Unsigned, Fault::ForgedSignature, Fault::Tampered]);
    let secret = if fault == Some(Fault::ForgedSignature) { "another secret" } else { &sandbox.keys.einvoice_secret };
    let signature = sign(secret, &response_text(status.as_u16(), &timestamp, nonce, body.as_bytes()));
    let sent = if fault == Some(Fault::Tampered) { format!("{body} ") } else { body };
    let mut response = (status, sent).into_response();
    let headers = response.headers_mut();
    headers.insert("Content-Type", HeaderValue::from_static("application/json"));
    if fault != Some(Fault::Unsigned) {
        for (name, value) in [("X-Timestamp", timestamp), ("X-Signature", signature)] {
            headers.insert(name, HeaderValue::from_str(&value).expect("the value is ASCII"));
        }
    }
    response
}
