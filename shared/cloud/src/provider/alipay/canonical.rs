//! The texts that are signed.

use std::collections::BTreeMap;

/// Of a request: all non-empty parameters but `sign`, sorted, as they are before any URL encoding.
pub fn canonical(parameters: &BTreeMap<String, String>) -> String {
    joined(parameters, &["sign"])
}

/// Of a callback: `sign_type` is left out too.
pub fn notice_text(parameters: &BTreeMap<String, String>) -> String {
    joined(parameters, &["sign", "sign_type", "alipay_cert_sn"])
}

fn joined(parameters: &BTreeMap<String, String>, without: &[&str]) -> String {
    let pairs = parameters.iter().filter(|(key, value)| !without.contains(&key.as_str()) && !value.is_empty());
    pairs.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join("&")
}
