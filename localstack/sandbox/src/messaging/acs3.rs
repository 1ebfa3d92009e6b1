//! Verification of Aliyun's signature, version 3 (ACS3-HMAC-SHA256). It shares no code with our client, so it checks the client's
//! signer independently.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{constant_time, hmac};
use axum::http::HeaderMap;
use data_encoding::HEXLOWER;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::accounts::Key;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";
/// Greatest accepted difference between the date of a call and our clock.
const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_mins(15);
/// Headers that a signature must cover.
const SIGNED: [&str; 6] =
    ["host", "x-acs-action", "x-acs-content-sha256", "x-acs-date", "x-acs-signature-nonce", "x-acs-version"];

/// A received call.
#[derive(Debug)]
pub struct Call<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

impl Call<'_> {
    /// The value of a header; empty if it is missing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
    }

    /// The decoded parameters of the query.
    pub fn pairs(&self) -> BTreeMap<String, String> {
        url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }

    /// Verifies signature and date. Returns the nonce, or Aliyun's error code.
    pub fn verify(&self, key: &Key, now: Timestamp) -> Result<&str, &'static str> {
        let given = self.header("authorization").strip_prefix(ALGORITHM).unwrap_or_default().trim();
        let parts: BTreeMap<&str, &str> = given.split(',').filter_map(|part| part.trim().split_once('=')).collect();
        let part = |name: &str| parts.get(name).copied().unwrap_or_default();
        if part("Credential") != key.id {
            return Err("InvalidAccessKeyId.NotFound");
        }
        let mut names: Vec<&str> = part("SignedHeaders").split(';').collect();
        names.sort_unstable();
        let content = HEXLOWER.encode(digest(&SHA256, self.body).as_ref());
        if SIGNED.iter().any(|name| !names.contains(name)) || self.header("x-acs-content-sha256") != content {
            return Err("IncompleteSignature");
        }
        let expected = self.signature(&names, &content, key);
        if constant_time::verify_slices_are_equal(expected.as_bytes(), part("Signature").as_bytes()).is_err() {
            return Err("SignatureDoesNotMatch");
        }
        let sent = DateTime::strptime("%Y-%m-%dT%H:%M:%SZ", self.header("x-acs-date"));
        let sent = sent.and_then(|sent| sent.to_zoned(TimeZone::UTC)).map_err(|_| "InvalidTimeStamp.Format")?;
        if now.duration_since(sent.timestamp()).abs() > CLOCK_SKEW_MAX {
            return Err("InvalidTimeStamp.Expired");
        }
        Ok(self.header("x-acs-signature-nonce"))
    }

    fn signature(&self, names: &[&str], content: &str, key: &Key) -> String {
        let lines: String = names.iter().map(|name| format!("{name}:{}\n", self.header(name))).collect();
        let query: Vec<_> =
            self.pairs().iter().map(|(name, value)| format!("{}={}", escaped(name), escaped(value))).collect();
        let (method, path, names) = (self.method, self.path, names.join(";"));
        let request = format!("{method}\n{path}\n{}\n{lines}\n{names}\n{content}", query.join("&"));
        let text = format!("{ALGORITHM}\n{}", HEXLOWER.encode(digest(&SHA256, request.as_bytes()).as_ref()));
        HEXLOWER.encode(hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.secret.as_bytes()), text.as_bytes()).as_ref())
    }
}

fn escaped(text: &str) -> String {
    let escape = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(escape).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &str = "RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd";

    /// Verifies the example of Aliyun's manual with one header or the query changed.
    fn verified(query: &str, changed: Option<(&'static str, &'static str)>, now: &str) -> Result<(), &'static str> {
        let empty = HEXLOWER.encode(digest(&SHA256, b"").as_ref());
        let signature = "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0";
        let authorization =
            format!("{ALGORITHM} Credential=YourAccessKeyId,SignedHeaders={},Signature={signature}", SIGNED.join(";"));
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "ecs.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "RunInstances"),
            ("x-acs-content-sha256", &empty),
            ("x-acs-date", "2023-10-26T10:22:32Z"),
            ("x-acs-signature-nonce", "3156853299f313e23d1673dc12e1703d"),
            ("x-acs-version", "2014-05-26"),
            ("authorization", &authorization),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        if let Some((name, value)) = changed {
            headers.insert(name, value.parse().unwrap());
        }
        let key = Key { id: "YourAccessKeyId".into(), secret: "YourAccessKeySecret".into() };
        let call = Call { method: "POST", path: "/", query, headers: &headers, body: b"" };
        call.verify(&key, now.parse().unwrap()).map(|nonce| assert_eq!(nonce.len(), 32))
    }

    #[test]
    fn verify_accepts_the_example_of_the_manual_for_fifteen_minutes() {
        assert_eq!(verified(QUERY, None, "2023-10-26T10:37:32Z"), Ok(()));
        assert_eq!(verified(QUERY, None, "2023-10-26T10:37:33Z"), Err("InvalidTimeStamp.Expired"));
        assert_eq!(verified(QUERY, None, "2023-10-26T10:07:31Z"), Err("InvalidTimeStamp.Expired"));
    }

    #[test]
    fn verify_rejects_a_changed_query_date_body_or_key() {
        let now = "2023-10-26T10:22:32Z";
        assert_eq!(verified(&format!("{QUERY}x"), None, now), Err("SignatureDoesNotMatch"));
        assert_eq!(verified(QUERY, Some(("x-acs-date", "2023-10-26T10:22:33Z")), now), Err("SignatureDoesNotMatch"));
        assert_eq!(verified(QUERY, Some(("x-acs-content-sha256", "0")), now), Err("IncompleteSignature"));
        assert_eq!(verified(QUERY, Some(("authorization", "")), now), Err("InvalidAccessKeyId.NotFound"));
    }
}
