//! The calls to the provider.

use app::invoices::{InvoiceCallback, InvoiceFile, InvoiceProvider, InvoiceStatus, IssueRequest, ReversalRequest};
use app::payments::provider::{InvalidSignature, ProviderError, RawCallback};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::signature::{is_recent, request_text, response_text, sign, verifies};
use super::wire::{Code, FileData, IssueBody, MESSAGE_CHARS_MAX, QueryData, Response, ReverseBody};
use super::{EInvoices, callback};
use crate::provider::call;

/// Limit for a response that contains a document in Base64.
const FILE_RESPONSE_BYTES_MAX: usize = 3 * 1024 * 1024;

impl EInvoices {
    /// Signs and sends a call, and verifies the response.
    async fn call<T: DeserializeOwned>(
        &self,
        action: &str,
        body: &impl Serialize,
    ) -> Result<Response<T>, ProviderError> {
        let unknown = |why: &str| ProviderError::Unknown(format!("{action}: {why}"));
        let url = format!("{}/invoices/{action}", self.settings.base_url);
        let path = url::Url::parse(&url).map_err(|_| unknown("the base URL is not a URL"))?.path().to_owned();
        let body = serde_json::to_vec(body).map_err(|_| unknown("the request cannot be serialised"))?;
        let now = self.clock.now();
        let (timestamp, nonce) = (now.as_second().to_string(), self.random.ulid(now).to_string());
        let secret = self.settings.app_secret.expose_secret();
        let signature = sign(secret, &request_text("POST", &path, &timestamp, &nonce, &body));
        let request = self
            .http
            .post(&url)
            .header("Content-Type", "application/json")
            .header("X-App-Key", &self.settings.app_key)
            .header("X-Timestamp", timestamp)
            .header("X-Nonce", &nonce)
            .header("X-Signature", signature)
            .body(body);
        let response = call::send_up_to(request, FILE_RESPONSE_BYTES_MAX).await?;
        let header = |name: &str| response.header(name).unwrap_or_default().to_owned();
        let (timestamp, signature) = (header("X-Timestamp"), header("X-Signature"));
        let text = response_text(response.status, &timestamp, &nonce, &response.body);
        if !is_recent(&timestamp, self.clock.now().as_second()) || !verifies(secret, &text, &signature) {
            return Err(unknown("the response is not from the provider"));
        }
        serde_json::from_slice(&response.body).map_err(|_| unknown("the response does not have the documented form"))
    }

    /// Sends a request for which only the acceptance matters.
    async fn submit(&self, action: &str, body: &impl Serialize) -> Result<(), ProviderError> {
        let response: Response<Value> = self.call(action, body).await?;
        match Code::of(response.code) {
            Code::Success | Code::Duplicate => Ok(()),
            Code::Refused => Err(ProviderError::Refused(description(&response))),
            Code::Absent | Code::Unclear => Err(ProviderError::Unknown(description(&response))),
        }
    }
}

/// Code and message of a response, shortened for the log.
fn description<T>(response: &Response<T>) -> String {
    format!("{} {}", response.code, response.msg.chars().take(MESSAGE_CHARS_MAX).collect::<String>())
}

#[async_trait]
impl InvoiceProvider for EInvoices {
    async fn issue(&self, issue: &IssueRequest) -> Result<(), ProviderError> {
        let body = IssueBody::of(&self.settings, &issue.request_no, &issue.details, issue.amount);
        self.submit("issue", &body).await
    }

    async fn reverse(&self, reversal: &ReversalRequest) -> Result<(), ProviderError> {
        let body = ReverseBody {
            order_no: reversal.request_no.clone(),
            invoice_num: reversal.fiscal_no.clone(),
            order_total: reversal.amount.decimal(),
            reason: reversal.reason.clone(),
            callback_url: self.settings.notify_url.clone(),
        };
        self.submit("reverse", &body).await
    }

    async fn query(&self, request_no: &str) -> Result<InvoiceStatus, ProviderError> {
        let response: Response<QueryData> = self.call("query", &json!({"orderNo": request_no})).await?;
        match (Code::of(response.code), response.data) {
            (Code::Success, Some(data)) if data.order_no == request_no => data.status().map_err(ProviderError::Unknown),
            (Code::Absent, _) => Ok(InvoiceStatus::Absent),
            (_, data) => {
                Err(ProviderError::Unknown(description(&Response { code: response.code, msg: response.msg, data })))
            }
        }
    }

    async fn file(&self, request_no: &str) -> Result<InvoiceFile, ProviderError> {
        let response: Response<FileData> = self.call("file", &json!({"orderNo": request_no})).await?;
        let Some(data) = response.data else {
            return Err(ProviderError::Unknown(format!("file: {} {}", response.code, response.msg)));
        };
        let bytes = STANDARD
            .decode(&data.content)
            .map_err(|_| ProviderError::Unknown("file: the content is not Base64".into()))?;
        // The content must at least begin like a file of its type. An OFD file is a ZIP archive.
        let (media_type, magic): (_, &[u8]) = match data.file_type.as_str() {
            "pdf" => ("application/pdf", b"%PDF-"),
            "ofd" => ("application/ofd", b"PK\x03\x04"),
            _ => return Err(ProviderError::Unknown("file: the type is neither pdf nor ofd".into())),
        };
        if !bytes.starts_with(magic) {
            return Err(ProviderError::Unknown("file: the content does not have the stated type".into()));
        }
        Ok(InvoiceFile { media_type: media_type.to_owned(), bytes })
    }

    async fn verify_callback(&self, raw: &RawCallback) -> Result<InvoiceCallback, InvalidSignature> {
        callback::verify(&self.settings, raw, self.clock.now().as_second())
    }
}
