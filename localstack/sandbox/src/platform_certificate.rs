//! WeChat's platform certificate. It signs responses for merchants who name no public key; while a merchant changes from one to the
//! other, it also signs some callbacks.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use cloud::provider::rsa::Signer;
use cloud::provider::wechat::ResourceKey;
use data_encoding::HEXUPPER;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, SerialNumber};
use serde_json::{Value, json};

use crate::keys::{new_pair, random_hex};

/// The current certificate, which is created when it is first needed.
#[derive(Default)]
pub struct PlatformCertificate {
    current: Mutex<Option<Arc<Certificate>>>,
    signs_callbacks: AtomicBool,
}

struct Certificate {
    serial: String,
    pem: String,
    signer: Signer,
}

impl std::fmt::Debug for PlatformCertificate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PlatformCertificate")
    }
}

impl PlatformCertificate {
    fn current(&self) -> Arc<Certificate> {
        let mut current = self.current.lock().expect("the lock is not poisoned");
        current.get_or_insert_with(|| Arc::new(Certificate::new())).clone()
    }

    /// Replaces the certificate.
    pub fn rotate(&self) {
        *self.current.lock().expect("the lock is not poisoned") = Some(Arc::new(Certificate::new()));
    }

    /// Chooses whether callbacks are signed with the certificate or with the public key.
    pub fn sign_callbacks_by_certificate(&self, certified: bool) {
        self.signs_callbacks.store(certified, Ordering::Relaxed);
    }

    /// Whether callbacks are signed with the certificate.
    pub fn signs_callbacks(&self) -> bool {
        self.signs_callbacks.load(Ordering::Relaxed)
    }

    /// The serial number of the certificate, and its signature of the message.
    pub fn sign(&self, message: &[u8]) -> (String, String) {
        let current = self.current();
        (current.serial.clone(), current.signer.sign(message))
    }

    /// The encrypted certificate, as `GET /v3/certificates` returns it.
    pub fn sealed(&self, api_v3_key: &str) -> Value {
        let current = self.current();
        let key = ResourceKey::new(api_v3_key).expect("a key of 32 characters");
        let sealed =
            key.seal(current.pem.as_bytes(), &random_hex(6), "certificate", "").expect("a nonce of 12 characters");
        json!({
            "serial_no": current.serial, "effective_time": "2024-01-01T00:00:00+08:00",
            "expire_time": "2099-01-01T00:00:00+08:00", "encrypt_certificate": sealed,
        })
    }
}

impl Certificate {
    fn new() -> Self {
        let pem = new_pair();
        let mut number = [0x5F; 20];
        aws_lc_rs::rand::fill(&mut number[1..]).expect("the operating system provides random bytes");
        let mut parameters = CertificateParams::default();
        parameters.serial_number = Some(SerialNumber::from_slice(&number));
        parameters.not_after = rcgen::date_time_ymd(2099, 1, 1);
        let private = pem.split("-----BEGIN PUBLIC KEY-----").next().expect("a first part");
        let key = KeyPair::from_pkcs8_pem_and_sign_algo(private, &PKCS_RSA_SHA256).expect("a key pair");
        Self {
            serial: HEXUPPER.encode(&number),
            pem: parameters.self_signed(&key).expect("a certificate").pem(),
            signer: Signer::from_pem(private).expect("a key pair"),
        }
    }
}
