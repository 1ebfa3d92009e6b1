//! The signed texts, and the verification of signature headers.

use std::collections::BTreeMap;

use crate::provider::rsa::{Signer, Verifier};

/// A timestamp that differs from our clock by this many seconds or more is rejected.
const AGE_S_MAX: i64 = 300;

/// The signed text of a request. `path` includes the query exactly as sent; an empty body is an empty line; `timestamp` is in
/// seconds of the Unix epoch.
pub fn request_message(method: &str, path: &str, timestamp: i64, nonce: &str, body: &str) -> String {
    format!("{method}\n{path}\n{timestamp}\n{nonce}\n{body}\n")
}

/// The signed text of a response or callback.
pub fn response_message(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat()
}

/// The value of the `Authorization` header of a request.
pub fn authorization(
    merchant: &str,
    serial: &str,
    signer: &Signer,
    message: &str,
    timestamp: i64,
    nonce: &str,
) -> String {
    let signature = signer.sign(message.as_bytes());
    format!(
        "WECHATPAY2-SHA256-RSA2048 mchid=\"{merchant}\",nonce_str=\"{nonce}\",timestamp=\"{timestamp}\",\
         serial_no=\"{serial}\",signature=\"{signature}\""
    )
}

/// Verifies the signature headers of a response or callback over its raw body.
///
/// # Errors
///
/// The reason, for the log, if a header is missing or malformed, the timestamp is out of range, the key is unknown or the signature
/// does not verify.
pub fn verify<'a>(
    keys: &BTreeMap<String, Verifier>,
    header: impl Fn(&str) -> Option<&'a str>,
    body: &[u8],
    now_s: i64,
) -> Result<(), String> {
    let need = |name: &str| header(name).ok_or_else(|| format!("the header {name} is missing"));
    let (timestamp, nonce) = (need("Wechatpay-Timestamp")?, need("Wechatpay-Nonce")?);
    let (serial, signature) = (need("Wechatpay-Serial")?, need("Wechatpay-Signature")?);
    if header("Wechatpay-Signature-Type").is_some_and(|kind| kind != "WECHATPAY2-SHA256-RSA2048") {
        return Err("the signature type is not supported".into());
    }
    let signed_at: i64 = timestamp.parse().map_err(|_| "the timestamp is malformed".to_owned())?;
    if now_s.checked_sub(signed_at).is_none_or(|age| age.unsigned_abs() >= AGE_S_MAX.unsigned_abs()) {
        return Err("the timestamp is out of range".into());
    }
    let key = keys.get(serial).ok_or_else(|| "the serial number is unknown".to_owned())?;
    let genuine = key.verifies(&response_message(timestamp, nonce, body), signature);
    if genuine { Ok(()) } else { Err("the signature does not verify".into()) }
}
