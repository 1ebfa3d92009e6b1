//! Amazon SES, version 2 (`SendEmail`).
//!
//! The keys are the service's own and not the function's role: the partition of China has no SES, so the account is another.

use app::messages::{EmailMessage, EmailSender, SendError};
use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    PayloadChecksumKind, SignableBody, SignableRequest, SigningInstructions, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::provider::call::{self, Http};

const PATH: &str = "/v2/email/outbound-emails";
/// Refusals of the letter; every other one is of the sender, the account or the moment.
const FINAL: [&str; 2] = ["MessageRejected", "BadRequestException"];

#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `https://email.ap-southeast-1.amazonaws.com`
    pub endpoint: String,
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
    pub from: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

pub struct Ses {
    settings: Settings,
    http: Http,
}

impl std::fmt::Debug for Ses {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ses").field("endpoint", &self.settings.endpoint).finish_non_exhaustive()
    }
}

impl Ses {
    pub fn new(settings: Settings) -> Self {
        Self { settings, http: Http::new() }
    }

    fn body(&self, id: &str, letter: &EmailMessage) -> Value {
        let text = |data: &str| json!({"Data": data, "Charset": "UTF-8"});
        json!({
            "FromEmailAddress": self.settings.from,
            "Destination": {"ToAddresses": [letter.to]},
            "Content": {"Simple": {"Subject": text(&letter.subject), "Body": {"Text": text(&letter.text)}}},
            "EmailTags": [{"Name": "message", "Value": id}],
        })
    }

    fn signed(&self, url: &str, body: &[u8], now: Timestamp) -> Option<SigningInstructions> {
        let Settings { region, access_key_id, secret_access_key, .. } = &self.settings;
        let identity = Credentials::new(access_key_id, secret_access_key, None, None, "settings").into();
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
    async fn send(&self, id: &str, letter: &EmailMessage) -> Result<(), SendError> {
        let url = format!("{}{PATH}", self.settings.endpoint);
        let body = self.body(id, letter).to_string().into_bytes();
        // The service compares with its own clock: the machine's, never a test's.
        let signed = self.signed(&url, &body, Timestamp::now());
        let signed = signed.ok_or_else(|| SendError::Temporary("the call cannot be signed".to_owned()))?;
        let mut request = self.http.post(&url).header("content-type", "application/json");
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        let answer =
            call::send(request.body(body)).await.map_err(|trouble| SendError::Temporary(trouble.to_string()))?;
        if answer.status == 200 {
            return Ok(());
        }
        // The name of the error alone: its message may quote the address.
        let name = answer.header("x-amzn-errortype").and_then(|name| name.split(':').next()).unwrap_or_default();
        let why = format!("{} {name}", answer.status);
        Err(if FINAL.contains(&name) { SendError::Permanent(why) } else { SendError::Temporary(why) })
    }
}
