//! S3 presigned POST forms. The SDK cannot make them, so the policy is built here and signed with the SDK's signature primitives.

use std::collections::BTreeMap;

use app::objects::UploadPolicy;
use aws_credential_types::Credentials;
use aws_sigv4::sign::v4::{calculate_signature, generate_signing_key};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The fields of the form. Their order does not matter, but S3 requires the file after all of them.
pub fn fields(
    credentials: &Credentials,
    region: &str,
    bucket: &str,
    terms: &UploadPolicy<'_>,
) -> BTreeMap<String, String> {
    let day = terms.now.strftime("%Y%m%d");
    let mut fields = BTreeMap::from([
        ("key".to_owned(), terms.key.to_owned()),
        ("content-type".to_owned(), terms.content_type.to_owned()),
        ("success_action_status".to_owned(), "201".to_owned()),
        ("x-amz-algorithm".to_owned(), "AWS4-HMAC-SHA256".to_owned()),
        ("x-amz-credential".to_owned(), format!("{}/{day}/{region}/s3/aws4_request", credentials.access_key_id())),
        ("x-amz-date".to_owned(), terms.now.strftime("%Y%m%dT%H%M%SZ").to_string()),
    ]);
    if let Some(token) = credentials.session_token() {
        fields.insert("x-amz-security-token".to_owned(), token.to_owned());
    }
    let policy = STANDARD.encode(policy(bucket, terms, &fields).to_string());
    let signature = sign(credentials.secret_access_key(), terms.now, region, &policy);
    fields.insert("policy".to_owned(), policy);
    fields.insert("x-amz-signature".to_owned(), signature);
    fields
}

/// A policy that requires every field exactly as given, and the size within its range.
fn policy(bucket: &str, terms: &UploadPolicy<'_>, fields: &BTreeMap<String, String>) -> Value {
    let mut conditions = vec![json!({"bucket": bucket})];
    conditions.extend(fields.iter().map(|(name, value)| json!({name: value})));
    conditions.push(json!(["content-length-range", terms.bytes.start(), terms.bytes.end()]));
    let expiration = terms.expires_at.strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string();
    json!({"expiration": expiration, "conditions": conditions})
}

fn sign(secret: &str, now: Timestamp, region: &str, policy: &str) -> String {
    calculate_signature(generate_signing_key(secret, now.into(), region, "s3"), policy.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The worked example of the S3 manual ("Example: browser-based upload using HTTP POST", with its CRLF line ends).
    ///
    /// Covers: XX-06
    #[test]
    fn form_signature_equals_the_example_of_the_s3_manual() {
        let policy = [
            r#"{ "expiration": "2015-12-30T12:00:00.000Z","#,
            r#"  "conditions": ["#,
            r#"    {"bucket": "sigv4examplebucket"},"#,
            r#"    ["starts-with", "$key", "user/user1/"],"#,
            r#"    {"acl": "public-read"},"#,
            r#"    {"success_action_redirect": "http://sigv4examplebucket.s3.amazonaws.com/successful_upload.html"},"#,
            r#"    ["starts-with", "$Content-Type", "image/"],"#,
            r#"    {"x-amz-meta-uuid": "14365123651274"},"#,
            r#"    {"x-amz-server-side-encryption": "AES256"},"#,
            r#"    ["starts-with", "$x-amz-meta-tag", ""],"#,
            "",
            r#"    {"x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request"},"#,
            r#"    {"x-amz-algorithm": "AWS4-HMAC-SHA256"},"#,
            r#"    {"x-amz-date": "20151229T000000Z" }"#,
            "  ]",
            "}",
        ];
        let policy = STANDARD.encode(policy.join("\r\n"));
        let now = "2015-12-29T00:00:00Z".parse().unwrap();
        let signature = sign("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", now, "us-east-1", &policy);
        assert_eq!(signature, "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e");
    }

    /// Covers: XX-06
    #[test]
    fn form_policy_requires_every_field_and_the_size_range() {
        let now = "2024-01-15T05:36:56Z".parse().unwrap();
        let terms = UploadPolicy {
            key: "owner/AL200166498.jpg",
            content_type: "image/jpeg",
            bytes: 28_672..=1_048_576,
            now,
            expires_at: now + jiff::SignedDuration::from_mins(5),
        };
        let credentials = Credentials::new("id", "secret", Some("token".into()), None, "test");
        let mut fields = fields(&credentials, "cn-north-1", "uploads", &terms);
        let policy: Value = serde_json::from_slice(&STANDARD.decode(&fields["policy"]).unwrap()).unwrap();
        assert_eq!(policy["expiration"], "2024-01-15T05:41:56.000Z");
        let conditions = policy["conditions"].as_array().unwrap();
        assert!(conditions.contains(&json!(["content-length-range", 28_672, 1_048_576])));
        assert!(conditions.contains(&json!({"bucket": "uploads"})));
        fields.retain(|name, _| name != "policy" && name != "x-amz-signature");
        for (name, value) in fields {
            assert!(conditions.contains(&json!({name.clone(): value})), "{name}");
        }
    }
}
