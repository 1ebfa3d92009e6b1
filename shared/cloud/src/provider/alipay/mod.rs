//! Alipay OpenAPI (RSA2): its own page for a browser, a QR code for everything else.
//!
//! The signed part of an answer is the exact text between its braces; of a callback, all fields but the signature itself.

mod canonical;
mod client;
mod extract;
mod notice;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::clock::Clock;
use serde::{Deserialize, Serialize};

pub use canonical::{canonical, notice_text};
pub use extract::signed_part;

use super::call::Http;
use super::rsa::{BadKey, Signer, Verifier};

/// What the open platform gives out.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `https://openapi.alipay.com/gateway.do`
    pub gateway: String,
    pub app_id: String,
    pub seller_id: String,
    pub private_key_pem: String,
    /// Alipay's public key, or its certificate.
    pub alipay_key_pem: String,
    /// Serial numbers of our certificate and of the root, in certificate mode.
    #[serde(default)]
    pub certificates: Option<CertificateNumbers>,
    /// Where callbacks go.
    pub notify_url: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("app_id", &self.app_id).finish_non_exhaustive()
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateNumbers {
    pub app: String,
    pub root: String,
}

pub struct Alipay {
    http: Http,
    gateway: String,
    app_id: String,
    seller_id: String,
    signer: Signer,
    key: Verifier,
    certificates: Option<CertificateNumbers>,
    notify_url: String,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Alipay {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Alipay").field("gateway", &self.gateway).field("app_id", &self.app_id).finish()
    }
}

impl Alipay {
    /// `clock` tells the real time, whatever day a test plays.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, BadKey> {
        Ok(Self {
            http: Http::new(),
            gateway: settings.gateway,
            app_id: settings.app_id,
            seller_id: settings.seller_id,
            signer: Signer::from_pem(&settings.private_key_pem)?,
            key: Verifier::from_pem(&settings.alipay_key_pem)?,
            certificates: settings.certificates,
            notify_url: settings.notify_url,
            clock,
        })
    }
}
