//! Who is who: the merchant's key and the providers' own, made once and kept in the state folder.

use std::fs;
use std::io;
use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloud::provider::rsa::{Signer, Verifier};
use cloud::provider::{InvoicesSecret, PaymentsSecret, alipay, einvoice, wechat};

pub const APP_ID: &str = "wx0000000000sandbox";
pub const MERCHANT: &str = "1900000109";
pub const SERIAL: &str = "7777777777777777777777777777777777777777";
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000001092024011500000000000001";
pub const ALIPAY_APP: &str = "2021000000000001";
pub const ALIPAY_SELLER: &str = "2088000000000001";
pub const EINVOICE_APP: &str = "einvoice-sandbox";

/// RSA pairs and the key of sealed callbacks.
pub struct Keys {
    merchant: Pem,
    provider: Pem,
    pub api_v3_key: String,
    /// Signs in both directions.
    pub einvoice_secret: String,
    cursor_key: String,
    /// Verifies what the functions sign.
    pub merchant_key: Verifier,
    /// Signs what both providers say.
    pub signer: Signer,
    /// Signs what a forger says.
    pub forger: Signer,
}

struct Pem {
    private: String,
    public: String,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

impl Keys {
    pub fn open(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let merchant = pair(folder, "merchant")?;
        let provider = pair(folder, "provider")?;
        let forger = pair(folder, "forger")?;
        let signer = |pem: &Pem| Signer::from_pem(&pem.private).map_err(io::Error::other);
        Ok(Self {
            merchant_key: Verifier::from_pem(&merchant.public).map_err(io::Error::other)?,
            signer: signer(&provider)?,
            forger: signer(&forger)?,
            api_v3_key: once(folder, "api-v3-key", || hex(16))?,
            einvoice_secret: once(folder, "einvoice-secret", || hex(32))?,
            cursor_key: once(folder, "cursor-key", || hex(32))?,
            merchant,
            provider,
        })
    }

    /// What the functions read as the payments' secret.
    pub fn secret(&self, url: &str, notices: &str) -> serde_json::Result<String> {
        let wechat = wechat::Settings {
            base_url: url.to_owned(),
            app_id: APP_ID.into(),
            merchant: MERCHANT.into(),
            serial: SERIAL.into(),
            private_key_pem: self.merchant.private.clone(),
            api_v3_key: self.api_v3_key.clone(),
            public_key: Some((PUBLIC_KEY_ID.into(), self.provider.public.clone())),
            certificates: vec![],
            notify_url: format!("{notices}/wechat"),
        };
        let alipay = alipay::Settings {
            gateway: format!("{url}/gateway.do"),
            app_id: ALIPAY_APP.into(),
            seller_id: ALIPAY_SELLER.into(),
            private_key_pem: self.merchant.private.clone(),
            alipay_key_pem: self.provider.public.clone(),
            certificates: None,
            notify_url: format!("{notices}/alipay"),
        };
        serde_json::to_string_pretty(&PaymentsSecret { wechat, alipay, cursor_key: self.cursor_key.clone() })
    }

    /// What the function of invoices reads as its secret.
    pub fn invoices_secret(&self, url: &str, notices: &str) -> serde_json::Result<String> {
        let provider = einvoice::Settings {
            base_url: format!("{url}/einvoice"),
            app_key: EINVOICE_APP.into(),
            app_secret: self.einvoice_secret.clone(),
            seller_name: "证件数码相片质量检测中心".into(),
            seller_tax_no: "91350100M000100Y43".into(),
            goods_name: "相片检测服务".into(),
            tax_rate: "0.06".into(),
            notify_url: notices.to_owned(),
        };
        serde_json::to_string_pretty(&InvoicesSecret { provider, cursor_key: self.cursor_key.clone() })
    }
}

pub fn hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    aws_lc_rs::rand::fill(&mut random).expect("the operating system has randomness");
    random.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn pair(folder: &Path, name: &str) -> io::Result<Pem> {
    let private = once(folder, &format!("{name}.pem"), new_pair)?;
    let (private, public) =
        private.split_once("-----BEGIN PUBLIC KEY-----").ok_or_else(|| io::Error::other(name.to_owned()))?;
    Ok(Pem { private: private.to_owned(), public: format!("-----BEGIN PUBLIC KEY-----{public}") })
}

/// The private key in PEM, then the public one.
pub fn new_pair() -> String {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key pair");
    let der: Pkcs8V1Der<'_> = pair.as_der().expect("an encoding");
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("an encoding");
    format!("{}{}", pem("PRIVATE KEY", der.as_ref()), pem("PUBLIC KEY", public.as_ref()))
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

pub fn once(folder: &Path, name: &str, make: impl FnOnce() -> String) -> io::Result<String> {
    let path = folder.join(name);
    if let Ok(text) = fs::read_to_string(&path) {
        return Ok(text);
    }
    let text = make();
    fs::write(path, &text)?;
    Ok(text)
}
