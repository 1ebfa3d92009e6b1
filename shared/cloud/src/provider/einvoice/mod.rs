//! An electronic-invoice provider over signed HTTP.
//!
//! The gateways to the tax authority (数电票) use different names for the same interface: requests are asynchronous, our own number
//! makes a request idempotent, the outcome is reported by callback or query, a red invoice cancels another, the document is a PDF or
//! OFD file, and its number has twenty digits. This adapter implements that interface. Until a gateway is chosen, we defined the
//! paths, the field names, the error codes other than 200 and the signature below. Taken from existing gateways are the states
//! (0 to do, 1 running, 2 done, 3 failed; 6 to 9 the same for red invoices), `disconnFlag` (the login at the tax bureau was lost, so
//! the request continues later) and the acknowledgement `{"code":200,"msg":"success"}`.
//!
//! ```text
//! POST <base>/invoices/issue | reverse | query | file
//! X-App-Key, X-Timestamp (seconds), X-Nonce, X-Signature = base64(HMAC-SHA256(secret, text))
//!   request   METHOD \n PATH \n TIMESTAMP \n NONCE \n hex(SHA-256(body))
//!   response  ANSWER \n STATUS \n TIMESTAMP \n the request's NONCE \n hex(SHA-256(body))
//!   callback  NOTICE \n APP KEY \n TIMESTAMP \n NONCE \n hex(SHA-256(body))
//! ```

mod callback;
mod client;
mod signature;
mod wire;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::clock::Clock;
use app::random::Random;
use secrecy::SecretString;
use serde::Deserialize;

pub use signature::{callback_text, is_recent, request_text, response_text, sign, verifies};
pub use wire::{Code, FileData, IssueBody, QueryData, Response, ReverseBody, Status};

use super::call::Http;

/// Account data from the provider, and the fixed contents of our invoices.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// Without a slash at the end.
    pub base_url: String,
    /// Our public name at the provider.
    pub app_key: String,
    /// Signs and verifies in both directions.
    pub app_secret: SecretString,
    /// 销售方: the seller's name.
    pub seller_name: String,
    /// 纳税人识别号 of the seller.
    pub seller_tax_no: String,
    /// Text of the only line of every invoice.
    pub goods_name: String,
    /// Rate of the value added tax as a decimal fraction: `0.06`.
    pub tax_rate: String,
    /// The URL that the provider calls back.
    pub notify_url: String,
}

/// A client of the provider.
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
    /// A client for one account. `clock` must show the real time, because the provider compares timestamps with its own clock.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        Self { http: Http::new(), settings, clock, random }
    }
}
