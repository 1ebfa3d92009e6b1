//! An electronic-invoice provider over signed HTTP.
//!
//! The gateways to the tax authority (数电票) differ in names and agree in shape: everything is asynchronous, our own number makes a
//! request idempotent, an outcome comes by callback or by asking, a red invoice takes another back, the document is a PDF or OFD
//! file and its number has twenty digits. This adapter speaks that shape. Ours, until a contract names a gateway, are: the paths, the
//! field names, the error codes beyond 200, and the signature below. The states (0 to do, 1 running, 2 done, 3 failed; 6 to 9 the
//! same for red invoices), `disconnFlag` (the login at the tax bureau dropped: later) and the acknowledgement
//! `{"code":200,"msg":"success"}` are theirs.
//!
//! ```text
//! POST <base>/invoices/issue | reverse | query | file
//! X-App-Key, X-Timestamp (seconds), X-Nonce, X-Signature = base64(HMAC-SHA256(secret, text))
//!   request   METHOD \n PATH \n TIMESTAMP \n NONCE \n hex(SHA-256(body))
//!   answer    ANSWER \n STATUS \n TIMESTAMP \n the request's NONCE \n hex(SHA-256(body))
//!   callback  NOTICE \n APP KEY \n TIMESTAMP \n NONCE \n hex(SHA-256(body))
//! ```

mod client;
mod notice;
mod signature;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::clock::Clock;
use app::random::Random;
use serde::{Deserialize, Serialize};

pub use signature::{answer_text, is_of_now, notice_text, request_text, sign, verifies};
pub use wire::{Answer, Code, FileData, IssueBody, QueryData, ReverseBody, Status};

use super::call::Http;

/// What the provider gives out, and what stands on our invoices.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Without a slash at its end.
    pub base_url: String,
    pub app_key: String,
    pub app_secret: String,
    /// 销售方
    pub seller_name: String,
    pub seller_tax_no: String,
    /// The one line of every invoice, and the part of the price that is tax, as the law names it: `0.06`.
    pub goods_name: String,
    pub tax_rate: String,
    /// Where callbacks go.
    pub notify_url: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings")
            .field("base_url", &self.base_url)
            .field("app_key", &self.app_key)
            .finish_non_exhaustive()
    }
}

pub struct EInvoices {
    http: Http,
    settings: Settings,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl std::fmt::Debug for EInvoices {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EInvoices").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl EInvoices {
    /// `clock` tells the real time, whatever day a test plays.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { http: Http::new(), settings, clock, random }
    }
}
