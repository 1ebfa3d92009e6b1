//! Signatures of Aliyun's OpenAPI, version 3 (ACS3-HMAC-SHA256).

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::hmac;
use data_encoding::HEXLOWER;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

const ALGORITHM: &str = "ACS3-HMAC-SHA256";
/// Everything except the unreserved characters of RFC 3986, section 2.3.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An access key of the provider's account.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccessKey {
    /// The public name of the key.
    pub access_key_id: String,
    /// Signs the calls.
    pub access_key_secret: SecretString,
}

/// One call. All parameters are in the query; the body is empty.
#[derive(Debug)]
pub struct Call<'a> {
    /// Host name of the endpoint, with the port if there is one.
    pub host: &'a str,
    /// Name of the operation.
    pub action: &'a str,
    /// Version of the interface, a date.
    pub version: &'a str,
    /// In the form `2023-10-26T10:22:32Z`; the provider accepts a difference of fifteen minutes.
    pub date: &'a str,
    /// Unique for every call.
    pub nonce: &'a str,
    /// Parameters before encoding.
    pub query: BTreeMap<&'a str, String>,
}

impl Call<'_> {
    /// The encoded query, as it is sent and signed.
    pub fn query_text(&self) -> String {
        let escape = |text: &str| utf8_percent_encode(text, ESCAPED).to_string();
        let pairs: Vec<_> =
            self.query.iter().map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
        pairs.join("&")
    }

    /// The headers of the call including `authorization`, but without `host`, which the HTTP client sets.
    pub fn headers(&self, key: &AccessKey) -> Vec<(&'static str, String)> {
        let body_hash = HEXLOWER.encode(digest(&SHA256, b"").as_ref());
        let headers = [
            ("host", self.host.to_owned()),
            ("x-acs-action", self.action.to_owned()),
            ("x-acs-content-sha256", body_hash.clone()),
            ("x-acs-date", self.date.to_owned()),
            ("x-acs-signature-nonce", self.nonce.to_owned()),
            ("x-acs-version", self.version.to_owned()),
        ];
        let lines: String = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
        let names = headers.each_ref().map(|(name, _)| *name).join(";");
        let request = format!("POST\n/\n{}\n{lines}\n{names}\n{body_hash}", self.query_text());
        let text = format!("{ALGORITHM}\n{}", HEXLOWER.encode(digest(&SHA256, request.as_bytes()).as_ref()));
        let secret = hmac::Key::new(hmac::HMAC_SHA256, key.access_key_secret.expose_secret().as_bytes());
        let signature = HEXLOWER.encode(hmac::sign(&secret, text.as_bytes()).as_ref());
        let credential = &key.access_key_id;
        let authorization = format!("{ALGORITHM} Credential={credential},SignedHeaders={names},Signature={signature}");
        headers.into_iter().skip(1).chain([("authorization", authorization)]).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the provider's manual, and the same call with another date and nonce.
    #[test]
    fn signature_equals_the_example_of_the_providers_manual() {
        for (date, nonce, signature) in [
            (
                "2023-10-26T10:22:32Z",
                "3156853299f313e23d1673dc12e1703d",
                "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0",
            ),
            (
                "2023-10-26T09:01:01Z",
                "d410180a5abf7fe235dd9b74aca91fc0",
                "e521358f7776c97df52e6b2891a8bc73026794a071b50c3323388c4e0df64804",
            ),
        ] {
            let image = "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd".to_owned();
            let query = BTreeMap::from([("RegionId", "cn-shanghai".to_owned()), ("ImageId", image)]);
            let host = "ecs.cn-shanghai.aliyuncs.com";
            let call = Call { host, action: "RunInstances", version: "2014-05-26", date, nonce, query };
            let key = AccessKey {
                access_key_id: "YourAccessKeyId".to_owned(),
                access_key_secret: "YourAccessKeySecret".into(),
            };
            let headers = call.headers(&key);
            let (_, authorization) = headers.last().unwrap();
            assert!(authorization.ends_with(&format!("Signature={signature}")), "{authorization}");
        }
    }

    #[test]
    fn query_text_percent_encodes_reserved_and_non_ascii_characters() {
        let query = BTreeMap::from([("b", "中 +/~*".to_owned()), ("a", String::new())]);
        let call = Call { host: "h", action: "a", version: "v", date: "d", nonce: "n", query };
        assert_eq!(call.query_text(), "a=&b=%E4%B8%AD%20%2B%2F~%2A");
    }
}
