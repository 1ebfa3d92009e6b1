//! WeChat Pay API v3, Native: the customer scans a QR code.
//!
//! Every request is signed with the merchant's key; every 2xx answer and every callback is verified over its raw bytes with the
//! key that its serial number names: the provider's public key, its platform certificates, or both while it moves from one to the
//! other. A certificate nobody knows yet is fetched.

mod certificates;
mod client;
mod notice;
mod seal;
mod signature;
mod wire;

#[cfg(test)]
pub(crate) mod fixtures;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use app::clock::Clock;
use serde::{Deserialize, Serialize};

pub use seal::{ResourceKey, Sealed};
pub use signature::{authorization, request_message, response_message};

use super::call::Http;
use super::rsa::{BadKey, Certificate, Signer, Verifier};
use certificates::Keyring;

/// What the merchant platform gives out.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `https://api.mch.weixin.qq.com`
    pub base_url: String,
    pub app_id: String,
    pub merchant: String,
    /// Serial number of the merchant's certificate.
    pub serial: String,
    pub private_key_pem: String,
    /// 32 characters.
    pub api_v3_key: String,
    /// `PUB_KEY_ID_...` and its key; preferred when present. Without one, answers are signed by a platform certificate.
    #[serde(default)]
    pub public_key: Option<(String, String)>,
    /// Platform certificates in PEM that are known beforehand; others are fetched.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// https, without a query.
    pub notify_url: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("merchant", &self.merchant).finish_non_exhaustive()
    }
}

pub struct Wechat {
    http: Http,
    base_url: String,
    app_id: String,
    merchant: String,
    serial: String,
    signer: Signer,
    resource_key: ResourceKey,
    keys: Keyring,
    /// Sent on every call, so that answers are signed with this key.
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
    /// `clock` tells the real time: signatures are of this minute, whatever day a test plays.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>) -> Result<Self, BadKey> {
        let public = settings.public_key.as_ref().map(|(id, pem)| Ok((id.clone(), Verifier::from_pem(pem)?)));
        let certificates = settings.certificates.iter().map(|pem| Certificate::from_pem(pem));
        let keys = Keyring::new(public.transpose()?, certificates.collect::<Result<_, _>>()?);
        Ok(Self {
            http: Http::new(),
            base_url: settings.base_url.trim_end_matches('/').to_owned(),
            app_id: settings.app_id,
            merchant: settings.merchant,
            serial: settings.serial,
            signer: Signer::from_pem(&settings.private_key_pem)?,
            resource_key: ResourceKey::new(&settings.api_v3_key)?,
            keys,
            public_key_id: settings.public_key.map(|(id, _)| id),
            notify_url: settings.notify_url,
            clock,
        })
    }
}
