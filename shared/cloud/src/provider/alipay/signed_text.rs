//! The texts that are signed.

use std::collections::BTreeMap;

/// The signed text of a request: all non-empty parameters except `sign`, sorted by name, before any URL encoding.
pub fn request_text(parameters: &BTreeMap<String, String>) -> String {
    joined(parameters, &["sign"])
}

/// The signed text of a callback: as of a request, but also without `sign_type` and `alipay_cert_sn`.
pub fn callback_text(parameters: &BTreeMap<String, String>) -> String {
    joined(parameters, &["sign", "sign_type", "alipay_cert_sn"])
}

fn joined(parameters: &BTreeMap<String, String>, without: &[&str]) -> String {
    let pairs = parameters.iter().filter(|(key, value)| !without.contains(&key.as_str()) && !value.is_empty());
    pairs.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}
