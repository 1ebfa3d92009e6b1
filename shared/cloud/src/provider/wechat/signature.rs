//! The texts that are signed, and who signed them.

use std::collections::BTreeMap;

use crate::provider::rsa::{Signer, Verifier};

/// Older or younger than this many seconds is not of now.
const AGE_S_MAX: i64 = 300;

/// `path` with its query exactly as sent; an empty body is an empty line.
pub fn request_message(method: &str, path: &str, timestamp: i64, nonce: &str, body: &str) -> String {
    format!("{method}\n{path}\n{timestamp}\n{nonce}\n{body}\n")
}

pub fn response_message(timestamp: &str, nonce: &str, body: &[u8]) -> Vec<u8> {
    [timestamp.as_bytes(), b"\n", nonce.as_bytes(), b"\n", body, b"\n"].concat()
}

/// The `Authorization` header of one request.
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

/// Checks the signature headers of an answer or a callback over its raw body.
pub fn verify<'a>(
    keys: &BTreeMap<String, Verifier>,
    header: impl Fn(&str) -> Option<&'a str>,
    body: &[u8],
    now_s: i64,
) -> Result<(), String> {
    let need = |name: &str| header(name).ok_or_else(|| format!("no {name}"));
    let (timestamp, nonce) = (need("Wechatpay-Timestamp")?, need("Wechatpay-Nonce")?);
    let (serial, signature) = (need("Wechatpay-Serial")?, need("Wechatpay-Signature")?);
    if header("Wechatpay-Signature-Type").is_some_and(|kind| kind != "WECHATPAY2-SHA256-RSA2048") {
        return Err("another kind of signature".into());
    }
    let signed_at: i64 = timestamp.parse().map_err(|_| "a timestamp that is none".to_owned())?;
    if now_s.checked_sub(signed_at).is_none_or(|age| age.unsigned_abs() >= AGE_S_MAX.unsigned_abs()) {
        return Err("stale".into());
    }
    let key = keys.get(serial).ok_or_else(|| "an unknown serial".to_owned())?;
    let genuine = key.verifies(&response_message(timestamp, nonce, body), signature);
    if genuine { Ok(()) } else { Err("the signature does not verify".into()) }
}
