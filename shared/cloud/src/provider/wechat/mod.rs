//! WeChat Pay API v3, Native: the customer scans a QR code.
//!
//! Every request is signed with the merchant's key. Every 2xx response and every callback is verified over its raw bytes with the key
//! that its serial number names: the provider's public key or one of its platform certificates (both are in use while a merchant
//! changes from one to the other). Unknown certificates are fetched.

mod callback;
mod certificates;
mod client;
mod seal;
mod signature;
mod wire;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::clock::Clock;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

pub use seal::{ResourceKey, Sealed};
pub use signature::{authorization, request_message, response_message};

use super::call::Http;
use super::rsa::{Certificate, InvalidKey, Signer, Verifier};
use certificates::Keyring;

/// Account data from the merchant platform.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `https://api.mch.weixin.qq.com`
    pub base_url: String,
    /// Our application (`appid`).
    pub app_id: String,
    /// Our merchant number (`mchid`).
    pub merchant: String,
    /// Serial number of the merchant's certificate.
    pub serial: String,
    /// The merchant's private key, PKCS#8 in PEM.
    pub private_key_pem: SecretString,
    /// Decrypts callbacks and certificates; 32 characters.
    pub api_v3_key: SecretString,
    /// Identifier (`PUB_KEY_ID_...`) and PEM of the provider's public key. Without it, platform certificates sign responses.
    #[serde(default)]
    pub public_key: Option<(String, String)>,
    /// Platform certificates in PEM that are known in advance; others are fetched.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// The URL that WeChat calls back: https, without a query.
    pub notify_url: String,
}

/// A client of WeChat Pay.
pub struct Wechat {
    http: Http,
    base_url: String,
    app_id: String,
    merchant: String,
    serial: String,
    signer: Signer,
    resource_key: ResourceKey,
    keys: Keyring,
    /// Sent with every call, so that responses are signed with this key.
    public_key_id: Option<String>,
    notify_url: String,
    clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Wechat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Wechat").field("base_url", &self.base_url).field("merchant", &self.merchant).finish()
    }
}

impl Wechat {
    /// A client for one merchant. `clock` must show the real time, because signatures expire after five minutes.
    ///
    /// # Errors
    ///
    /// [`InvalidKey`] if a key or certificate in the settings is not usable.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, InvalidKey> {
        let public = settings.public_key.as_ref().map(|(id, pem)| Ok((id.clone(), Verifier::from_pem(pem)?)));
        let certificates = settings.certificates.iter().map(|pem| Certificate::from_pem(pem));
        let keys = Keyring::new(public.transpose()?, certificates.collect::<Result<_, _>>()?);
        Ok(Self {
            http: Http::new(),
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            app_id: settings.app_id,
            merchant: settings.merchant,
            serial: settings.serial,
            signer: Signer::from_pem(settings.private_key_pem.expose_secret())?,
            resource_key: ResourceKey::new(settings.api_v3_key.expose_secret())?,
            keys,
            public_key_id: settings.public_key.map(|(id, _)| id),
            notify_url: settings.notify_url,
            clock,
        })
    }
}
