//! SMS through Aliyun (`SendSms`, interface version 2017-05-25).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use app::clock::Clock;
use app::messages::{SendError, SmsSender, SmsText};
use app::random::Random;
use async_trait::async_trait;
use serde::Deserialize;
use serde_json::{Value, json};

use super::aliyun::{AccessKey, Call};

const CALL_MAX: Duration = Duration::from_secs(8);
/// Beginnings of error codes that a later attempt can clear; every other refusal is final.
const RETRYABLE_CODES: [&str; 3] = ["isp.SYSTEM_ERROR", "Throttling", "ServiceUnavailable"];

/// The content of the secret that `SMS_SECRET` names, as JSON.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Settings {
    /// `https://dysmsapi.aliyuncs.com`
    pub endpoint: String,
    /// The access key of the account.
    #[serde(flatten)]
    pub key: AccessKey,
    /// 短信签名: the sender's name that the SMS begins with.
    pub sign_name: String,
    /// Approved template for codes, with the variable `code`.
    pub code_template: String,
    /// Approved template for security notices, with the variable `change`.
    pub notice_template: String,
}

/// A client of Aliyun's SMS service.
pub struct AliyunSms {
    settings: Settings,
    http: reqwest::Client,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
}

impl std::fmt::Debug for AliyunSms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AliyunSms").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl AliyunSms {
    /// A client for one account. `clock` must show the real time, because the provider compares dates with its own clock.
    pub fn new(settings: Settings, clock: Arc<dyn Clock>, random: Arc<dyn Random>) -> Self {
        let http = reqwest::Client::builder().timeout(CALL_MAX).redirect(reqwest::redirect::Policy::none()).build();
        Self { settings, http: http.expect("the client settings are valid"), clock, random }
    }
}

#[async_trait]
impl SmsSender for AliyunSms {
    async fn send(&self, id: &str, phone: &str, text: SmsText<'_>) -> Result<(), SendError> {
        let (template, values) = match text {
            SmsText::Code { code, .. } => (&self.settings.code_template, json!({ "code": code })),
            SmsText::Notice { change } => (&self.settings.notice_template, json!({ "change": change })),
        };
        let now = self.clock.now();
        let date = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let nonce = self.random.ulid(now).to_string();
        let query = BTreeMap::from([
            ("OutId", id.to_owned()),
            ("PhoneNumbers", phone.trim_start_matches("+86").to_owned()),
            ("SignName", self.settings.sign_name.clone()),
            ("TemplateCode", template.clone()),
            ("TemplateParam", values.to_string()),
        ]);
        let host = self.settings.endpoint.split_once("://").map_or("", |(_, host)| host);
        let call = Call { host, action: "SendSms", version: "2017-05-25", date: &date, nonce: &nonce, query };
        let mut request = self.http.post(format!("{}/?{}", self.settings.endpoint, call.query_text()));
        for (name, value) in call.headers(&self.settings.key) {
            request = request.header(name, value);
        }
        // The URL contains the phone number and must not reach a log.
        let again = |error: reqwest::Error| SendError::Temporary(error.without_url().to_string());
        let response: Value = request.send().await.map_err(again)?.json().await.map_err(again)?;
        match response["Code"].as_str() {
            Some("OK") => Ok(()),
            Some(code) if RETRYABLE_CODES.iter().any(|start| code.starts_with(start)) => {
                Err(SendError::Temporary(code.to_owned()))
            }
            Some(code) => Err(SendError::Permanent(code.to_owned())),
            None => Err(SendError::Temporary("the response has no code".to_owned())),
        }
    }
}
