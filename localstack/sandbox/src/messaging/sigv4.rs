//! Verification of AWS Signature Version 4. It shares no code with the SDK's signer, so it checks our use of that signer
//! independently.

use std::collections::BTreeMap;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::{constant_time, hmac};
use axum::http::HeaderMap;
use data_encoding::HEXLOWER;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::accounts::Key;

const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// Greatest accepted difference between the date of a call and our clock.
const CLOCK_SKEW_MAX: SignedDuration = SignedDuration::from_mins(5);

/// A received call without a query, and the region and service that its signature must name.
#[derive(Debug)]
pub struct Call<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
    pub region: &'a str,
    pub service: &'a str,
}

impl Call<'_> {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim()
    }

    /// Verifies signature and date.
    ///
    /// # Errors
    ///
    /// The name of the AWS error.
    pub fn verify(&self, key: &Key, now: Timestamp) -> Result<(), &'static str> {
        let given =
            self.header("authorization").strip_prefix(ALGORITHM).ok_or("MissingAuthenticationTokenException")?;
        let parts: BTreeMap<&str, &str> = given.split(',').filter_map(|part| part.trim().split_once('=')).collect();
        let part = |name: &str| parts.get(name).copied().unwrap_or_default();
        let sent = self.header("x-amz-date");
        let day = sent.get(..8).unwrap_or_default();
        let scope = format!("{day}/{}/{}/aws4_request", self.region, self.service);
        if part("Credential") != format!("{}/{scope}", key.id) {
            return Err("UnrecognizedClientException");
        }
        let names: Vec<&str> = part("SignedHeaders").split(';').collect();
        let content = HEXLOWER.encode(digest(&SHA256, self.body).as_ref());
        let complete = ["host", "x-amz-date"].iter().all(|name| names.contains(name)) && names.is_sorted();
        if !complete || self.headers.get("x-amz-content-sha256").is_some_and(|value| value != content.as_str()) {
            return Err("IncompleteSignatureException");
        }
        let lines: String = names.iter().map(|name| format!("{name}:{}\n", self.header(name))).collect();
        let request = format!("{}\n{}\n\n{lines}\n{}\n{content}", self.method, self.path, names.join(";"));
        let text =
            format!("{ALGORITHM}\n{sent}\n{scope}\n{}", HEXLOWER.encode(digest(&SHA256, request.as_bytes()).as_ref()));
        let expected = HEXLOWER.encode(&self.mac(key, day, &text));
        if constant_time::verify_slices_are_equal(expected.as_bytes(), part("Signature").as_bytes()).is_err() {
            return Err("SignatureDoesNotMatch");
        }
        let sent = DateTime::strptime("%Y%m%dT%H%M%SZ", sent).and_then(|sent| sent.to_zoned(TimeZone::UTC));
        let sent = sent.map_err(|_| "IncompleteSignatureException")?.timestamp();
        if now.duration_since(sent).abs() > CLOCK_SKEW_MAX { Err("RequestExpired") } else { Ok(()) }
    }

    /// The HMAC of a text under the key that is derived for day, region and service.
    fn mac(&self, key: &Key, day: &str, text: &str) -> Vec<u8> {
        let first = format!("AWS4{}", key.secret).into_bytes();
        let steps = [day, self.region, self.service, "aws4_request", text];
        steps.iter().fold(first, |secret, step| {
            hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &secret), step.as_bytes()).as_ref().to_vec()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: &str = "content-length;content-type;host;x-amz-content-sha256;x-amz-date";

    /// Verifies an example of the AWS test suite with the body or one header changed.
    fn verified(body: &str, changed: Option<(&'static str, &'static str)>, now: &str) -> Result<(), &'static str> {
        let content = "9095672bbd1f56dfc5b65f3e153adc8731a4a654192329106275f4c7b24d0b6e";
        let signature = "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b";
        let authorization = format!(
            "{ALGORITHM} Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={NAMES}, Signature={signature}"
        );
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("content-length", "13"),
            ("content-type", "application/x-www-form-urlencoded"),
            ("host", "example.amazonaws.com"),
            ("x-amz-content-sha256", content),
            ("x-amz-date", "20150830T123600Z"),
            ("authorization", &authorization),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        if let Some((name, value)) = changed {
            headers.insert(name, value.parse().unwrap());
        }
        let key = Key { id: "AKIDEXAMPLE".into(), secret: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".into() };
        let (region, service) = ("us-east-1", "service");
        let call = Call { method: "POST", path: "/", headers: &headers, body: body.as_bytes(), region, service };
        call.verify(&key, now.parse().unwrap())
    }

    #[test]
    fn verify_accepts_the_example_of_the_test_suite_for_five_minutes() {
        assert_eq!(verified("Param1=value1", None, "2015-08-30T12:41:00Z"), Ok(()));
        assert_eq!(verified("Param1=value1", None, "2015-08-30T12:41:01Z"), Err("RequestExpired"));
    }

    #[test]
    fn verify_rejects_a_changed_body_host_date_or_authorization() {
        let now = "2015-08-30T12:36:00Z";
        assert_eq!(verified("Param1=value2", None, now), Err("IncompleteSignatureException"));
        let good = "Param1=value1";
        assert_eq!(verified(good, Some(("host", "example.com")), now), Err("SignatureDoesNotMatch"));
        assert_eq!(verified(good, Some(("x-amz-date", "20150831T123600Z")), now), Err("UnrecognizedClientException"));
        assert_eq!(verified(good, Some(("authorization", "none")), now), Err("MissingAuthenticationTokenException"));
    }
}
