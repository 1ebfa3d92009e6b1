//! Questions and answers.

use app::invoices::{Found, InvoiceFile, InvoiceProvider, Issue, Notice, Reversal};
use app::payments::provider::{Forged, RawNotice, Trouble};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::signature::{answer_text, is_of_now, request_text, sign, verifies};
use super::wire::{Answer, Code, FileData, IssueBody, QueryData, ReverseBody};
use super::{EInvoices, notice};
use crate::provider::call;

/// A document with its Base64 around it is not longer.
const FILE_ANSWER_BYTES_MAX: usize = 3 * 1024 * 1024;

impl EInvoices {
    async fn ask<T: DeserializeOwned>(&self, action: &str, body: &impl Serialize) -> Result<Answer<T>, Trouble> {
        let unknown = |why: &str| Trouble::Unknown(format!("{action}: {why}"));
        let url = format!("{}/invoices/{action}", self.settings.base_url);
        let path = url::Url::parse(&url).map_err(|_| unknown("an address that is none"))?.path().to_owned();
        let body = serde_json::to_vec(body).map_err(|_| unknown("a body that cannot be written"))?;
        let now = self.clock.now();
        let (timestamp, nonce) = (now.as_second().to_string(), self.random.ulid(now).to_string());
        let secret = &self.settings.app_secret;
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
        let answer = call::send_up_to(request, FILE_ANSWER_BYTES_MAX).await?;
        let header = |name: &str| answer.header(name).unwrap_or_default().to_owned();
        let (timestamp, signature) = (header("X-Timestamp"), header("X-Signature"));
        let text = answer_text(answer.status, &timestamp, &nonce, &answer.body);
        if !is_of_now(&timestamp, self.clock.now().as_second()) || !verifies(secret, &text, &signature) {
            return Err(unknown("an answer that is not the provider's"));
        }
        serde_json::from_slice(&answer.body).map_err(|_| unknown("an answer in another form"))
    }

    /// For requests of which only the acceptance counts.
    async fn hand_in(&self, action: &str, body: &impl Serialize) -> Result<(), Trouble> {
        let answer: Answer<Value> = self.ask(action, body).await?;
        match Code::of(answer.code) {
            Code::Success | Code::Duplicate => Ok(()),
            Code::Refused => Err(Trouble::Refused(words(&answer))),
            Code::Absent | Code::Unclear => Err(Trouble::Unknown(words(&answer))),
        }
    }
}

fn words<T>(answer: &Answer<T>) -> String {
    format!("{} {}", answer.code, answer.msg.chars().take(200).collect::<String>())
}

#[async_trait]
impl InvoiceProvider for EInvoices {
    async fn issue(&self, issue: &Issue) -> Result<(), Trouble> {
        let body = IssueBody::of(&self.settings, &issue.request_no, &issue.details, issue.amount);
        self.hand_in("issue", &body).await
    }

    async fn reverse(&self, reversal: &Reversal) -> Result<(), Trouble> {
        let body = ReverseBody {
            order_no: reversal.request_no.clone(),
            invoice_num: reversal.fiscal_no.clone(),
            order_total: reversal.amount.decimal(),
            reason: reversal.reason.clone(),
            callback_url: self.settings.notify_url.clone(),
        };
        self.hand_in("reverse", &body).await
    }

    async fn query(&self, request_no: &str) -> Result<Found, Trouble> {
        let answer: Answer<QueryData> = self.ask("query", &json!({"orderNo": request_no})).await?;
        match (Code::of(answer.code), answer.data) {
            (Code::Success, Some(data)) if data.order_no == request_no => data.found().map_err(Trouble::Unknown),
            (Code::Absent, _) => Ok(Found::Absent),
            (_, data) => Err(Trouble::Unknown(words(&Answer { code: answer.code, msg: answer.msg, data }))),
        }
    }

    async fn file(&self, request_no: &str) -> Result<InvoiceFile, Trouble> {
        let answer: Answer<FileData> = self.ask("file", &json!({"orderNo": request_no})).await?;
        let Some(data) = answer.data else {
            return Err(Trouble::Unknown(format!("file: {} {}", answer.code, answer.msg)));
        };
        let bytes = STANDARD.decode(&data.content).map_err(|_| Trouble::Unknown("file: not Base64".into()))?;
        // An OFD file is a ZIP archive. What is handed to a customer is at least of its kind.
        let (media_type, magic): (_, &[u8]) = match data.file_type.as_str() {
            "pdf" => ("application/pdf", b"%PDF-"),
            "ofd" => ("application/ofd", b"PK\x03\x04"),
            _ => return Err(Trouble::Unknown("file: of another kind".into())),
        };
        if !bytes.starts_with(magic) {
            return Err(Trouble::Unknown("file: not what it says".into()));
        }
        Ok(InvoiceFile { media_type: media_type.to_owned(), bytes })
    }

    async fn read(&self, raw: &RawNotice) -> Result<Notice, Forged> {
        notice::read(&self.settings, raw, self.clock.now().as_second())
    }
}
