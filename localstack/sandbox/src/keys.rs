//! The identities of the merchant and of the providers. Keys are created once and kept in the state folder.

use std::fs;
use std::io;
use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use cloud::provider::rsa::{Signer, Verifier};
use data_encoding::HEXLOWER;
use serde_json::json;

/// WeChat `appid`.
pub const APP_ID: &str = "wx0000000000sandbox";
/// WeChat `mchid`.
pub const MERCHANT: &str = "1900000109";
/// Serial number of the merchant's certificate at WeChat.
pub const SERIAL: &str = "7777777777777777777777777777777777777777";
/// Identifier of WeChat's public key.
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000001092024011500000000000001";
/// Alipay `app_id`.
pub const ALIPAY_APP: &str = "2021000000000001";
/// Alipay `seller_id`.
pub const ALIPAY_SELLER: &str = "2088000000000001";
/// App key at the invoice provider.
pub const EINVOICE_APP: &str = "einvoice-sandbox";

/// Keys of the merchant and of the payment and invoice providers.
pub struct Keys {
    merchant: Pem,
    provider: Pem,
    /// Encrypts WeChat's callbacks and certificates.
    pub api_v3_key: String,
    /// Signs requests and responses of the invoice provider.
    pub einvoice_secret: String,
    cursor_key: String,
    /// Verifies the functions' signatures.
    pub merchant_key: Verifier,
    /// Signs responses and callbacks of both payment providers.
    pub signer: Signer,
    /// Signs forged responses.
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
    /// Loads the keys from the state folder, and creates those that are missing.
    pub fn load_or_create(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        let merchant = load_pair(folder, "merchant")?;
        let provider = load_pair(folder, "provider")?;
        let forger = load_pair(folder, "forger")?;
        let signer = |pem: &Pem| Signer::from_pem(&pem.private).map_err(io::Error::other);
        Ok(Self {
            merchant_key: Verifier::from_pem(&merchant.public).map_err(io::Error::other)?,
            signer: signer(&provider)?,
            forger: signer(&forger)?,
            api_v3_key: load_or_create(folder, "api-v3-key", || random_hex(16))?,
            einvoice_secret: load_or_create(folder, "einvoice-secret", || random_hex(32))?,
            cursor_key: load_or_create(folder, "cursor-key", || random_hex(32))?,
            merchant,
            provider,
        })
    }

    /// The secret of the functions that handle payments.
    pub fn payments_secret(&self, url: &str, callbacks: &str) -> String {
        let wechat = json!({
            "baseUrl": url,
            "appId": APP_ID,
            "merchant": MERCHANT,
            "serial": SERIAL,
            "privateKeyPem": self.merchant.private,
            "apiV3Key": self.api_v3_key,
            "publicKey": [PUBLIC_KEY_ID, self.provider.public],
            "notifyUrl": format!("{callbacks}/wechat"),
        });
        let alipay = json!({
            "gateway": format!("{url}/gateway.do"),
            "appId": ALIPAY_APP,
            "sellerId": ALIPAY_SELLER,
            "privateKeyPem": self.merchant.private,
            "alipayKeyPem": self.provider.public,
            "notifyUrl": format!("{callbacks}/alipay"),
        });
        json!({"wechat": wechat, "alipay": alipay, "cursorKey": self.cursor_key}).to_string()
    }

    /// The secret of the functions that handle invoices.
    pub fn invoices_secret(&self, url: &str, callbacks: &str) -> String {
        let provider = json!({
            "baseUrl": format!("{url}/einvoice"),
            "appKey": EINVOICE_APP,
            "appSecret": self.einvoice_secret,
            "sellerName": "证件数码相片质量检测中心",
            "sellerTaxNo": "91350100M000100Y43",
            "goodsName": "相片检测服务",
            "taxRate": "0.06",
            "notifyUrl": callbacks,
        });
        json!({"provider": provider, "cursorKey": self.cursor_key}).to_string()
    }
}

/// Random bytes in hexadecimal.
pub fn random_hex(bytes: usize) -> String {
    let mut random = vec![0; bytes];
    aws_lc_rs::rand::fill(&mut random).expect("the operating system provides random bytes");
    HEXLOWER.encode(&random)
}

fn load_pair(folder: &Path, name: &str) -> io::Result<Pem> {
    let private = load_or_create(folder, &format!("{name}.pem"), new_pair)?;
    let (private, public) =
        private.split_once("-----BEGIN PUBLIC KEY-----").ok_or_else(|| io::Error::other(name.to_owned()))?;
    Ok(Pem { private: private.to_owned(), public: format!("-----BEGIN PUBLIC KEY-----{public}") })
}

/// A new RSA key pair in PEM: the private key, then the public key.
pub fn new_pair() -> String {
    let pair = KeyPair::generate(KeySize::Rsa2048).expect("a key pair can be generated");
    let der: Pkcs8V1Der<'_> = pair.as_der().expect("every key has a DER encoding");
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().expect("every key has a DER encoding");
    format!("{}{}", pem("PRIVATE KEY", der.as_ref()), pem("PUBLIC KEY", public.as_ref()))
}

fn pem(label: &str, der: &[u8]) -> String {
    format!("-----BEGIN {label}-----\n{}\n-----END {label}-----\n", STANDARD.encode(der))
}

/// The content of a file of the state folder, which is created with the text of `make` if it does not exist.
pub fn load_or_create(folder: &Path, name: &str, make: impl FnOnce() -> String) -> io::Result<String> {
    let path = folder.join(name);
    if let Ok(text) = fs::read_to_string(&path) {
        return Ok(text);
    }
    let text = make();
    fs::write(path, &text)?;
    Ok(text)
}
