//! Amazon SES, version 2 (`SendEmail`).
//!
//! It uses access keys of its own and not the function's role: the China partition has no SES, so the account is a different one.

use app::messages::{EmailMessage, EmailSender, SendError};
use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SigningInstructions, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::provider::call::{self, Http};

const PATH: &str = "/v2/email/outbound-emails";
/// Errors about the message itself. Every other error is about the sender, the account or a temporary state, and is retried.
const FINAL_ERRORS: [&str; 2] = ["MessageRejected", "BadRequestException"];

/// Account data for SES.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `https://email.ap-southeast-1.amazonaws.com`
    pub endpoint: String,
    /// Region of the endpoint, for the signature.
    pub region: String,
    /// Public name of the access key.
    pub access_key_id: String,
    /// Signs the calls.
    pub secret_access_key: SecretString,
    /// The sender: `name <address>` or an address.
    pub from: String,
}

/// A client of Amazon SES.
#[derive(Debug)]
pub struct Ses {
    settings: Settings,
    http: Http,
}

impl Ses {
    /// A client for one account.
    pub fn new(settings: Settings) -> Self {
        Self { settings, http: Http::new() }
    }

    fn body(&self, id: &str, email: &EmailMessage) -> Value {
        let text = |data: &str| json!({"Data": data, "Charset": "UTF-8"});
        json!({
            "FromEmailAddress": self.settings.from,
            "Destination": {"ToAddresses": [email.to]},
            "Content": {"Simple": {"Subject": text(&email.subject), "Body": {"Text": text(&email.text)}}},
            "EmailTags": [{"Name": "message", "Value": id}],
        })
    }

    fn signed(&self, url: &str, body: &[u8], now: Timestamp) -> Option<SigningInstructions> {
        let Settings { region, access_key_id, secret_access_key, .. } = &self.settings;
        let identity =
            Credentials::new(access_key_id, secret_access_key.expose_secret(), None, None, "settings").into();
        let mut how = SigningSettings::default();
        how.payload_checksum_kind = PayloadChecksumKind::XAmzSha256;
        let parameters = v4::SigningParams::builder().identity(&identity).region(region).name("ses");
        let parameters = parameters.time(now.into()).settings(how).build().ok()?.into();
        let headers = [("content-type", "application/json")].into_iter();
        let request = SignableRequest::new("POST", url, headers, SignableBody::Bytes(body)).ok()?;
        Some(sign(request, &parameters).ok()?.into_parts().0)
    }
}

#[async_trait]
impl EmailSender for Ses {
    async fn send(&self, id: &str, email: &EmailMessage) -> Result<(), SendError> {
        let url = format!("{}{PATH}", self.settings.endpoint);
        let body = self.body(id, email).to_string().into_bytes();
        // The service compares the date with its own clock, so this is the real time and not that of a test clock.
        let signed = self.signed(&url, &body, Timestamp::now());
        let signed = signed.ok_or_else(|| SendError::Temporary("the call cannot be signed".to_owned()))?;
        let mut request = self.http.post(&url).header("content-type", "application/json");
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        let response = call::send(request.body(body)).await.map_err(|error| SendError::Temporary(error.to_string()))?;
        if response.status == 200 {
            return Ok(());
        }
        // Only the name of the error: its message can contain the address.
        let name = response.header("x-amzn-errortype").and_then(|name| name.split(':').next()).unwrap_or_default();
        let why = format!("{} {name}", response.status);
        Err(if FINAL_ERRORS.contains(&name) { SendError::Permanent(why) } else { SendError::Temporary(why) })
    }
}
