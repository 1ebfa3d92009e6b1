//! Alipay OpenAPI (RSA2): Alipay's own page for a browser, or a QR code.
//!
//! A response is signed over the exact text of one of its objects, a callback over all its fields except the signature itself.

mod callback;
mod client;
mod extract;
mod signed_text;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::clock::Clock;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

pub use extract::signed_part;
pub use signed_text::{callback_text, request_text};

use super::call::Http;
use super::rsa::{InvalidKey, Signer, Verifier};

/// Account data from Alipay's open platform.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `https://openapi.alipay.com/gateway.do`
    pub gateway: String,
    /// Our application (`app_id`).
    pub app_id: String,
    /// The account that receives the money (`seller_id`).
    pub seller_id: String,
    /// Our private key, PKCS#8 in PEM.
    pub private_key_pem: SecretString,
    /// Alipay's public key or certificate, in PEM.
    pub alipay_key_pem: String,
    /// Serial numbers of our certificate and of the root, in certificate mode.
    #[serde(default)]
    pub certificates: Option<CertificateNumbers>,
    /// The URL that Alipay calls back.
    pub notify_url: String,
}

/// Serial numbers in certificate mode, as Alipay computes them (MD5 of issuer and number, hexadecimal).
#[derive(Debug, Clone, Deserialize)]
pub struct CertificateNumbers {
    /// Of our own certificate (`app_cert_sn`).
    pub app: String,
    /// Of the root certificates (`alipay_root_cert_sn`).
    pub root: String,
}

/// A client of Alipay's gateway.
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
    /// A client for one merchant. `clock` must show the real time, because Alipay compares timestamps with its own clock.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if one of the two keys is not usable.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, InvalidKey> {
        Ok(Self {
            http: Http::new(),
            gateway: settings.gateway,
            app_id: settings.app_id,
            seller_id: settings.seller_id,
            signer: Signer::from_pem(settings.private_key_pem.expose_secret())?,
            key: Verifier::from_pem(&settings.alipay_key_pem)?,
            certificates: settings.certificates,
            notify_url: settings.notify_url,
            clock,
        })
    }
}
