//! Whose signatures count, and how a platform certificate becomes known.
//!
//! Certificates come sealed under the merchant's API v3 key, which only the provider and we have; the answer that brings them is
//! signed besides, by one of them or by a key known before. The provider changes them about once a year, a day ahead.

use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

use app::payments::provider::Trouble;
use jiff::{SignedDuration, Timestamp};

use super::wire::Certificates;
use super::{Wechat, signature};
use crate::provider::rsa::{Certificate, Verifier};

const PATH: &str = "/v3/certificates";
/// Anybody may name a serial number nobody knows: asking for it has a limit.
const ASK_EVERY: SignedDuration = SignedDuration::from_secs(60);
/// What the names of public keys begin with; they are configured, never fetched.
const PUBLIC_KEY: &str = "PUB_KEY_ID_";

pub(super) struct Keyring {
    public: Option<(String, Verifier)>,
    fetched: RwLock<Fetched>,
}

struct Fetched {
    certificates: Vec<Certificate>,
    asked_at: Option<Timestamp>,
}

impl Keyring {
    pub fn new(public: Option<(String, Verifier)>, certificates: Vec<Certificate>) -> Self {
        Self { public, fetched: RwLock::new(Fetched { certificates, asked_at: None }) }
    }

    /// The keys that are good at `now`, by serial number.
    pub fn at(&self, now: Timestamp) -> BTreeMap<String, Verifier> {
        let fetched = self.fetched.read().unwrap_or_else(PoisonError::into_inner);
        let good = fetched.certificates.iter().filter(|certificate| now < certificate.expires_at);
        let good = good.map(|certificate| (certificate.serial.clone(), certificate.key.clone()));
        good.chain(self.public.clone()).collect()
    }

    /// May the provider be asked again? Then it is taken as asked.
    fn asks(&self, now: Timestamp) -> bool {
        let mut fetched = self.fetched.write().unwrap_or_else(PoisonError::into_inner);
        let may = fetched.asked_at.is_none_or(|before| now.duration_since(before) >= ASK_EVERY);
        if may {
            fetched.asked_at = Some(now);
        }
        may
    }

    fn replace(&self, certificates: Vec<Certificate>) {
        self.fetched.write().unwrap_or_else(PoisonError::into_inner).certificates = certificates;
    }
}

impl Wechat {
    /// Makes the certificate of this serial number known, if the provider has one. What stays unknown is refused by whoever
    /// verifies next.
    pub(super) async fn learn(&self, serial: Option<&str>) {
        let now = self.clock.now();
        let unknown =
            serial.filter(|serial| !serial.starts_with(PUBLIC_KEY) && !self.keys.at(now).contains_key(*serial));
        if unknown.is_some()
            && self.keys.asks(now)
            && let Ok(certificates) = self.fetch().await
        {
            self.keys.replace(certificates);
        }
    }

    async fn fetch(&self) -> Result<Vec<Certificate>, Trouble> {
        let answer = self.exchange("GET", PATH, String::new()).await?;
        let unusable = |why: &str| Trouble::Unknown(format!("no certificates: {why}"));
        let list: Certificates = serde_json::from_slice(&answer.body).map_err(|_| unusable("unreadable"))?;
        let opened = list.data.iter().map(|one| {
            let pem = String::from_utf8(self.resource_key.open(&one.encrypt_certificate)?).ok()?;
            Certificate::from_pem(&pem).ok().filter(|certificate| certificate.serial == one.serial_no)
        });
        let certificates: Option<Vec<Certificate>> = opened.collect();
        let certificates = certificates.ok_or_else(|| unusable("not sealed with our key"))?;
        let now = self.clock.now();
        let mut keys = self.keys.at(now);
        keys.extend(certificates.iter().map(|certificate| (certificate.serial.clone(), certificate.key.clone())));
        signature::verify(&keys, |name| answer.header(name), &answer.body, now.as_second())
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
    fn an_expired_certificate_counts_no_more_and_the_provider_is_not_asked_too_often() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let ring = Keyring::new(None, vec![certificate("A", 100), certificate("B", 200)]);
        assert_eq!(ring.at(at(99)).len(), 2);
        assert_eq!(ring.at(at(100)).into_keys().collect::<Vec<_>>(), ["B"]);
        assert!(ring.asks(at(0)) && !ring.asks(at(59)) && ring.asks(at(60)));
        ring.replace(vec![certificate("C", 300)]);
        assert_eq!(ring.at(at(0)).into_keys().collect::<Vec<_>>(), ["C"], "what the provider no longer lists is gone");
    }
}
