//! The provider's platform certificates: what it signs with for merchants who name no public key, and, while it moves a merchant
//! from one to the other, for some callbacks all the same.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use cloud::provider::rsa::Signer;
use cloud::provider::wechat::ResourceKey;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256, SerialNumber};
use serde_json::{Value, json};

use crate::keys::{hex, new_pair};

/// Made when it is first needed: most days nobody asks for it.
#[derive(Default)]
pub struct Platform {
    current: Mutex<Option<Arc<Certificate>>>,
    notices: AtomicBool,
}

struct Certificate {
    serial: String,
    pem: String,
    signer: Signer,
}

impl std::fmt::Debug for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Platform")
    }
}

impl Platform {
    fn current(&self) -> Arc<Certificate> {
        let mut current = self.current.lock().expect("platform");
        current.get_or_insert_with(|| Arc::new(Certificate::new())).clone()
    }

    pub fn rotate(&self) {
        *self.current.lock().expect("platform") = Some(Arc::new(Certificate::new()));
    }

    pub fn certify_notices(&self, certified: bool) {
        self.notices.store(certified, Ordering::Relaxed);
    }

    pub fn certifies_notices(&self) -> bool {
        self.notices.load(Ordering::Relaxed)
    }

    /// Serial number and signature.
    pub fn sign(&self, message: &[u8]) -> (String, String) {
        let current = self.current();
        (current.serial.clone(), current.signer.sign(message))
    }

    /// The certificate as the provider hands it out.
    pub fn sealed(&self, api_v3_key: &str) -> Value {
        let current = self.current();
        let key = ResourceKey::new(api_v3_key).expect("a key of 32 characters");
        let sealed = key.seal(current.pem.as_bytes(), &hex(6), "certificate", "").expect("a nonce of 12 characters");
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
        aws_lc_rs::rand::fill(&mut number[1..]).expect("the operating system has randomness");
        let mut wish = CertificateParams::default();
        wish.serial_number = Some(SerialNumber::from_slice(&number));
        wish.not_after = rcgen::date_time_ymd(2099, 1, 1);
        let private = pem.split("-----BEGIN PUBLIC KEY-----").next().expect("a first part");
        let key = KeyPair::from_pkcs8_pem_and_sign_algo(private, &PKCS_RSA_SHA256).expect("a key pair");
        Self {
            serial: number.iter().map(|byte| format!("{byte:02X}")).collect(),
            pem: wish.self_signed(&key).expect("a certificate").pem(),
            signer: Signer::from_pem(private).expect("a key pair"),
        }
    }
}
