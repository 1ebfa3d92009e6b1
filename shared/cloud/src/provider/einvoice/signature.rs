//! The texts that are signed, and who signed them.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Older or younger than this many seconds is not of now.
const AGE_S_MAX: u64 = 300;

pub fn request_text(method: &str, path: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("{method}\n{path}\n{timestamp}\n{nonce}\n{}", hash(body))
}

/// Bound to its question by the question's nonce.
pub fn answer_text(status: u16, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("ANSWER\n{status}\n{timestamp}\n{nonce}\n{}", hash(body))
}

pub fn notice_text(app_key: &str, timestamp: &str, nonce: &str, body: &[u8]) -> String {
    format!("NOTICE\n{app_key}\n{timestamp}\n{nonce}\n{}", hash(body))
}

pub fn sign(secret: &str, text: &str) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.encode(hmac::sign(&key, text.as_bytes()))
}

pub fn verifies(secret: &str, text: &str, signature: &str) -> bool {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    STANDARD.decode(signature).is_ok_and(|tag| hmac::verify(&key, text.as_bytes(), &tag).is_ok())
}

pub fn is_of_now(timestamp: &str, now_s: i64) -> bool {
    timestamp.parse::<i64>().is_ok_and(|at| at.abs_diff(now_s) <= AGE_S_MAX)
}

fn hash(body: &[u8]) -> String {
    digest(&SHA256, body).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
