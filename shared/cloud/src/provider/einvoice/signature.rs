//! The signed texts, and their HMAC-SHA256 signatures.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use data_encoding::HEXLOWER;

/// Greatest accepted difference between a timestamp and our clock, in seconds.
const AGE_S_MAX: u64 = 300;

/// The signed text of a request. `timestamp` is in seconds of the Unix epoch.
pub fn request_text(method: &str, path: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("{method}\n{path}\n{timestamp}\n{nonce}\n{}", hash(body))
}

/// The signed text of a response. `nonce` is that of the request, so the response cannot be used for another request.
pub fn response_text(status: u16, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("ANSWER\n{status}\n{timestamp}\n{nonce}\n{}", hash(body))
}

/// The signed text of a callback.
pub fn callback_text(app_key: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("NOTICE\n{app_key}\n{timestamp}\n{nonce}\n{}", hash(body))
}

/// The signature of a text, in Base64.
pub fn sign(secret: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

/// Whether `signature` (Base64) is the signature of `text`; compared in constant time.
pub fn verifies(secret: &str, text: &str, signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.decode(signature).is_ok_and(|tag| hmac::verify(&key, text.as_bytes(), &tag).is_ok())
}

/// Whether a timestamp in seconds differs from `now_s` by at most five minutes.
pub fn is_recent(timestamp: &str, now_s: i64) -> bool {
    timestamp.parse::<i64>().is_ok_and(|at| at.abs_diff(now_s) <= AGE_S_MAX)
}

fn hash(body: &[u8]) -> String {
    HEXLOWER.encode(digest(&SHA256, body).as_ref())
}
