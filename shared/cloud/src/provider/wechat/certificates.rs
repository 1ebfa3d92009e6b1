//! The keys whose signatures are accepted, and how platform certificates are fetched.
//!
//! Certificates are encrypted with the merchant's API v3 key, which only the provider and we have. The response that contains them is
//! also signed, by one of them or by a key that was known before. The provider replaces them about once a year, with one day's notice.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use app::payments::provider::ProviderError;
use jiff::{SignedDuration, Timestamp};

use super::wire::Certificates;
use super::{Wechat, signature};
use crate::provider::rsa::{Certificate, Verifier};

const PATH: &str = "/v3/certificates";
/// Shortest time between two fetches: an attacker can send any number of unknown serial numbers.
const FETCH_INTERVAL_MIN: SignedDuration = SignedDuration::from_secs(60);
/// Prefix of the identifiers of public keys, which are configured and never fetched.
const PUBLIC_KEY_PREFIX: &str = "PUB_KEY_ID_";

/// The configured public key and the platform certificates known so far.
pub(super) struct Keyring {
    public: Option<(String, Verifier)>,
    fetched: RwLock<Fetched>,
}

struct Fetched {
    certificates: Vec<Certificate>,
    attempted_at: Option<Timestamp>,
}

impl Keyring {
    pub fn new(public: Option<(String, Verifier)>, certificates: Vec<Certificate>) -> Self {
        Self { public, fetched: RwLock::new(Fetched { certificates, attempted_at: None }) }
    }

    /// The keys that are valid at `now`, by serial number.
    pub fn at(&self, now: Timestamp) -> BTreeMap<String, Verifier> {
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        let valid = fetched.certificates.iter().filter(|certificate| now < certificate.expires_at);
        let valid = valid.map(|certificate| (certificate.serial.clone(), certificate.key.clone()));
        valid.chain(self.public.clone()).collect()
    }

    /// Whether a fetch is allowed at `now`; if so, `now` counts as the time of the last attempt.
    fn begin_fetch(&self, now: Timestamp) -> bool {
        let mut fetched = self.fetched.write().unwrap_or_else(PoisonError::into_inner);
        let allowed = fetched.attempted_at.is_none_or(|before| now.duration_since(before) >= FETCH_INTERVAL_MIN);
        if allowed {
            fetched.attempted_at = Some(now);
        }
        allowed
    }

    fn replace(&self, certificates: Vec<Certificate>) {
        self.fetched.write().unwrap_or_else(PoisonError::into_inner).certificates = certificates;
    }
}

impl Wechat {
    /// Fetches the platform certificates if this serial number is not known. If it stays unknown, verification fails afterwards.
    pub(super) async fn ensure_certificate(&self, serial: Option<&str>) {
        let now = self.clock.now();
        let unknown =
            serial.filter(|serial| !serial.starts_with(PUBLIC_KEY_PREFIX) && !self.keys.at(now).contains_key(*serial));
        if unknown.is_some()
            && self.keys.begin_fetch(now)
            && let Ok(certificates) = self.fetch().await
        {
            self.keys.replace(certificates);
        }
    }

    async fn fetch(&self) -> Result<Vec<Certificate>, ProviderError> {
        let response = self.exchange("GET", PATH, String::new()).await?;
        let unusable = |why: &str| ProviderError::Unknown(format!("cannot use the platform certificates: {why}"));
        let list: Certificates =
            serde_json::from_slice(&response.body).map_err(|_| unusable("the list is malformed"))?;
        let opened = list.data.iter().map(|one| {
            let pem = String::from_utf8(self.resource_key.open(&one.encrypt_certificate)?).ok()?;
            Certificate::from_pem(&pem).ok().filter(|certificate| certificate.serial == one.serial_no)
        });
        let certificates: Option<Vec<Certificate>> = opened.collect();
        let certificates = certificates.ok_or_else(|| unusable("they cannot be decrypted with the API v3 key"))?;
        let now = self.clock.now();
        let mut keys = self.keys.at(now);
        keys.extend(certificates.iter().map(|certificate| (certificate.serial.clone(), certificate.key.clone())));
        signature::verify(&keys, |name| response.header(name), &response.body, now.as_second())
            .map_err(|why| unusable(&why))?;
        Ok(certificates)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn certificate(serial: &str, expires_s: i64) -> Certificate {
        let key = crate::provider::wechat::fixtures::text("our_public_key");
        let key = Verifier::from_pem(&key).unwrap();
        Certificate { serial: serial.into(), key, expires_at: Timestamp::from_second(expires_s).unwrap() }
    }

    #[test]
    fn keyring_drops_expired_certificates_and_limits_fetches() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ring = Keyring::new(None, vec![certificate("A", 100), certificate("B", 200)]);
        assert_eq!(ring.at(at(99)).len(), 2);
        assert_eq!(ring.at(at(100)).into_keys().collect::<Vec<_>>(), ["B"]);
        assert!(ring.begin_fetch(at(0)) && !ring.begin_fetch(at(59)) && ring.begin_fetch(at(60)));
        ring.replace(vec![certificate("C", 300)]);
        assert_eq!(
            ring.at(at(0)).into_keys().collect::<Vec<_>>(),
            ["C"],
            "certificates that the provider does not list any more are dropped"
        );
    }
}
