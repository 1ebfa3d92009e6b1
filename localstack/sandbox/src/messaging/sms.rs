//! Aliyun's `SendSms` (2017-05-25).

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::json;

use super::SLOW;
use super::acs3::Call;
use super::inbox::Message;
use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::random_hex;

/// A call of Aliyun's OpenAPI.
pub async fn call(
    State(sandbox): State<Arc<Sandbox>>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    if sandbox.faults.take(Fault::MessagesDown) {
        return response(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable");
    }
    let query = query.unwrap_or_default();
    let call = Call { method: method.as_str(), path: "/", query: &query, headers: &headers, body: &body };
    match accept(&sandbox, &call) {
        Err(code) => response(StatusCode::BAD_REQUEST, code),
        Ok(message) => {
            sandbox.inbox.put(message);
            if sandbox.faults.take(Fault::SlowMessage) {
                tokio::time::sleep(SLOW).await;
            }
            response(StatusCode::OK, "OK")
        }
    }
}

fn accept(sandbox: &Sandbox, call: &Call<'_>) -> Result<Message, &'static str> {
    let nonce = call.verify(&sandbox.messaging_accounts.sms, Timestamp::now())?;
    if !sandbox.inbox.use_nonce(nonce) {
        return Err("SignatureNonceUsed");
    }
    if (call.header("x-acs-action"), call.header("x-acs-version")) != ("SendSms", "2017-05-25") {
        return Err("InvalidAction.NotFound");
    }
    let mut pairs = call.pairs();
    let phone = pairs.remove("PhoneNumbers").unwrap_or_default();
    if phone.len() != 11 || !phone.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("isv.MOBILE_NUMBER_ILLEGAL");
    }
    let template = pairs.remove("TemplateCode").filter(|template| template.starts_with("SMS_"));
    let template = template.ok_or("isv.SMS_TEMPLATE_ILLEGAL")?;
    let values = pairs.remove("TemplateParam").unwrap_or_else(|| "{}".to_owned());
    let values = serde_json::from_str(&values).map_err(|_| "isv.INVALID_JSON_PARAM")?;
    if sandbox.faults.take(Fault::RefuseMessage) {
        return Err("isv.BLACK_KEY_CONTROL_LIMIT");
    }
    Ok(Message::Sms { phone, id: pairs.remove("OutId"), template, values })
}

fn response(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({"Code": code, "Message": code, "BizId": random_hex(8), "RequestId": random_hex(8)})))
        .into_response()
}
