//! The provider of electronic invoices: takes requests, works them off a moment later, calls back, and keeps the documents.
//!
//! Every request is verified as strictly as a gateway does: its signature, its age, that its nonce is new, every field, and that its
//! number was never used.

mod book;
mod document;
mod notices;
mod rules;

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
use cloud::provider::einvoice::{answer_text, is_of_now, request_text, sign, verifies};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::EINVOICE_APP;

pub use book::Book;
pub use notices::deliver;

pub fn routes() -> Router<Arc<Sandbox>> {
    Router::new().route("/einvoice/invoices/{action}", post(take)).route("/_sim/invoices", get(list))
}

/// What a gateway says no with.
struct No(u32, &'static str);

async fn list(State(sandbox): State<Arc<Sandbox>>) -> Json<Vec<book::Request>> {
    Json(sandbox.invoices.all())
}

async fn take(
    State(sandbox): State<Arc<Sandbox>>,
    Path(action): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let nonce = header(&headers, "X-Nonce").to_owned();
    match sandbox.faults.first(&[Fault::Broken, Fault::Busy]) {
        Some(Fault::Busy) => return answer(&sandbox, &nonce, StatusCode::TOO_MANY_REQUESTS, &no(&No(42_900, "busy"))),
        Some(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        None => {}
    }
    if let Err(refused) = verified(&sandbox, &uri, &headers, &body) {
        return answer(&sandbox, &nonce, StatusCode::UNAUTHORIZED, &no(&refused));
    }
    let outcome = act(&sandbox, &action, &body);
    match sandbox.faults.first(&[Fault::LostAnswer, Fault::Hang]) {
        Some(Fault::Hang) => tokio::time::sleep(Duration::from_secs(30)).await,
        Some(_) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        None => {}
    }
    let content = match outcome {
        Ok(data) => json!({"code": 200, "msg": "success", "data": data}),
        Err(refused) => no(&refused),
    };
    answer(&sandbox, &nonce, StatusCode::OK, &content)
}

fn no(No(code, msg): &No) -> Value {
    json!({"code": code, "msg": msg})
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn verified(sandbox: &Sandbox, uri: &Uri, headers: &HeaderMap, body: &Bytes) -> Result<(), No> {
    let header = |name: &str| header(headers, name);
    let (timestamp, nonce) = (header("X-Timestamp"), header("X-Nonce"));
    if header("X-App-Key") != EINVOICE_APP {
        return Err(No(40_101, "unknown appKey"));
    }
    if !is_of_now(timestamp, Timestamp::now().as_second()) {
        return Err(No(40_102, "timestamp out of range"));
    }
    if !verifies(
        &sandbox.keys.einvoice_secret,
        &request_text("POST", uri.path(), timestamp, nonce, body),
        header("X-Signature"),
    ) {
        return Err(No(40_103, "signature does not verify"));
    }
    if nonce.len() < 16 || !sandbox.invoices.is_new_nonce(nonce) {
        return Err(No(40_104, "nonce used"));
    }
    Ok(())
}

fn act(sandbox: &Sandbox, action: &str, body: &[u8]) -> Result<Value, No> {
    let body: Value = serde_json::from_slice(body).map_err(|_| No(40_000, "not JSON"))?;
    let (book, now) = (&sandbox.invoices, sandbox.bank.now());
    match action {
        "issue" | "reverse" => {
            let mut wanted = if action == "issue" { rules::issue(&body)? } else { rules::reverse(&body, book)? };
            if sandbox.faults.take(Fault::RefuseInvoice) {
                wanted.refuse = Some("红字或蓝字发票未通过税务校验".into());
            }
            let wait = if sandbox.faults.take(Fault::SlowInvoice) { book::SLOW } else { book::WAIT };
            book.take(wanted, now + wait).ok_or(No(40_901, "duplicate orderNo"))?;
            Ok(json!({"orderNo": body["orderNo"]}))
        }
        "query" => {
            let request = find(book, &body)?;
            Ok(request.status(sandbox.faults.take(Fault::Disconnected)))
        }
        "file" => {
            let request = find(book, &body)?;
            let document = request.document().ok_or(No(40_902, "not issued"))?;
            Ok(json!({"fileType": "pdf", "content": STANDARD.encode(document::pdf(&request, document))}))
        }
        _ => Err(No(40_401, "no such action")),
    }
}

fn find(book: &Book, body: &Value) -> Result<book::Request, No> {
    let no = body["orderNo"].as_str().ok_or(No(42_200, "orderNo"))?;
    book.find(no).ok_or(No(40_400, "no such orderNo"))
}

/// Bound to its question by the question's nonce.
fn answer(sandbox: &Sandbox, nonce: &str, status: StatusCode, content: &Value) -> Response {
    let (body, timestamp) = (content.to_string(), Timestamp::now().as_second().to_string());
    let fault = sandbox.faults.first(&[Fault::Unsigned, Fault::Forged, Fault::Tampered]);
    let secret = if fault == Some(Fault::Forged) { "another secret" } else { &sandbox.keys.einvoice_secret };
    let signature = sign(secret, &answer_text(status.as_u16(), &timestamp, nonce, body.as_bytes()));
    let sent = if fault == Some(Fault::Tampered) { format!("{body} ") } else { body };
    let mut response = (status, sent).into_response();
    let headers = response.headers_mut();
    headers.insert("Content-Type", HeaderValue::from_static("application/json"));
    if fault != Some(Fault::Unsigned) {
        for (name, value) in [("X-Timestamp", timestamp), ("X-Signature", signature)] {
            headers.insert(name, HeaderValue::from_str(&value).expect("plain text"));
        }
    }
    response
}
