//! Amazon SES v2, `SendEmail` with simple content.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::SLOW;
use super::accounts::{SENDER, SES_REGION};
use super::inbox::Message;
use super::sigv4::Call;
use crate::Sandbox;
use crate::faults::Fault;
use crate::keys::random_hex;

/// `POST /v2/email/outbound-emails`.
pub async fn send(State(sandbox): State<Arc<Sandbox>>, headers: HeaderMap, body: Bytes) -> Response {
    if sandbox.faults.take(Fault::MessagesDown) {
        return refusal(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableException");
    }
    let path = "/v2/email/outbound-emails";
    let call = Call { method: "POST", path, headers: &headers, body: &body, region: SES_REGION, service: "ses" };
    if let Err(name) = call.verify(&sandbox.messaging_accounts.mail, Timestamp::now()) {
        return refusal(StatusCode::FORBIDDEN, name);
    }
    match accept(&sandbox, &body) {
        Err(name) => refusal(StatusCode::BAD_REQUEST, name),
        Ok(message) => {
            sandbox.inbox.put(message);
            if sandbox.faults.take(Fault::SlowMessage) {
                tokio::time::sleep(SLOW).await;
            }
            Json(json!({"MessageId": random_hex(16)})).into_response()
        }
    }
}

fn accept(sandbox: &Sandbox, body: &[u8]) -> Result<Message, &'static str> {
    let wanted: Value = serde_json::from_slice(body).map_err(|_| "BadRequestException")?;
    let text = |at: &str| wanted.pointer(at).and_then(Value::as_str).map(str::to_owned).ok_or("BadRequestException");
    let from = text("/FromEmailAddress")?;
    if !from.contains(SENDER) {
        return Err("MailFromDomainNotVerifiedException");
    }
    if sandbox.faults.take(Fault::RefuseMessage) {
        return Err("MessageRejected");
    }
    Ok(Message::Mail {
        via: "ses-v2",
        from,
        to: text("/Destination/ToAddresses/0")?,
        id: text("/EmailTags/0/Value").ok(),
        subject: text("/Content/Simple/Subject/Data")?,
        text: text("/Content/Simple/Body/Text/Data")?,
    })
}

fn refusal(status: StatusCode, name: &'static str) -> Response {
    (status, [("x-amzn-errortype", name)], Json(json!({"message": name}))).into_response()
}
