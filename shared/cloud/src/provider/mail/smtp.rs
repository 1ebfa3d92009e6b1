//! A mail service that speaks SMTP (RFC 5321) and asks for a name and a password.

use std::net::IpAddr;
use std::time::Duration;

use app::messages::{EmailMessage, EmailSender, SendError};
use async_trait::async_trait;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, CertificateStore, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};

use super::BadSettings;

/// For the whole conversation: the transport's own limit is only for the connection.
const CALL_MAX: Duration = Duration::from_secs(8);
/// Refusals of the sender, not of the letter (RFC 4954, 6): once the settings are right, the letter will be taken.
const SENDER_REFUSED: [u16; 4] = [530, 534, 535, 538];

type Transport = AsyncSmtpTransport<Tokio1Executor>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// From the first byte, usually on port 465.
    Tls,
    /// After a greeting, usually on port 587; never without.
    Starttls,
    /// Only to this very machine.
    None,
}

#[derive(Clone, Serialize, Deserialize)]
pub struct Settings {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Certificates in PEM that alone may vouch for the host; without it, those that the machine trusts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
    pub user: String,
    pub password: String,
    /// `name <address>` or an address.
    pub from: String,
}

impl std::fmt::Debug for Settings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settings").field("host", &self.host).finish_non_exhaustive()
    }
}

pub struct Smtp {
    transport: Transport,
    from: Mailbox,
}

impl std::fmt::Debug for Smtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Smtp").finish_non_exhaustive()
    }
}

impl Smtp {
    pub fn new(settings: Settings) -> Result<Self, BadSettings> {
        let bad = |cause: &dyn std::fmt::Display| BadSettings(cause.to_string());
        let from = settings.from.parse().map_err(|_| BadSettings("`from` is not an address".to_owned()))?;
        let here = settings.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let tls = match settings.security {
            Security::Tls => Tls::Wrapper(parameters(&settings).map_err(|error| bad(&error))?),
            Security::Starttls => Tls::Required(parameters(&settings).map_err(|error| bad(&error))?),
            Security::None if here => Tls::None,
            Security::None => return Err(BadSettings("without TLS only to a loopback address".to_owned())),
        };
        let transport = Transport::builder_dangerous(&settings.host)
            .tls(tls)
            .port(settings.port)
            .credentials(Credentials::new(settings.user, settings.password))
            .timeout(Some(CALL_MAX))
            .build();
        Ok(Self { transport, from })
    }

    fn message(&self, id: &str, letter: &EmailMessage) -> Option<Message> {
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse().ok()?)
            .subject(&letter.subject)
            // The same for the same letter: a mailbox shows a repetition once.
            .message_id(Some(format!("<{id}@{domain}>")))
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text.clone())
            .ok()
    }
}

/// The host must prove its name by a certificate; TLS 1.2 at least.
fn parameters(settings: &Settings) -> Result<TlsParameters, smtp::Error> {
    let mut tls = TlsParameters::builder(settings.host.clone());
    if let Some(ca) = &settings.ca {
        tls = tls.certificate_store(CertificateStore::None).add_root_certificate(Certificate::from_pem(ca.as_bytes())?);
    }
    tls.build()
}

#[async_trait]
impl EmailSender for Smtp {
    async fn send(&self, id: &str, letter: &EmailMessage) -> Result<(), SendError> {
        let message = self.message(id, letter);
        let message = message.ok_or_else(|| SendError::Permanent("it cannot be written as a message".to_owned()))?;
        match tokio::time::timeout(CALL_MAX, self.transport.send(message)).await {
            Ok(answer) => answer.map(drop).map_err(|error| failure(&error)),
            Err(_) => Err(SendError::Temporary("no answer in time".to_owned())),
        }
    }
}

/// The code alone: a server's words may quote the address.
fn failure(error: &smtp::Error) -> SendError {
    match error.status().map(u16::from) {
        Some(code) if error.is_permanent() && !SENDER_REFUSED.contains(&code) => SendError::Permanent(code.to_string()),
        Some(code) => SendError::Temporary(code.to_string()),
        None if error.is_timeout() => SendError::Temporary("no answer in time".to_owned()),
        None if error.is_tls() => SendError::Temporary("no safe line".to_owned()),
        None => SendError::Temporary("no conversation".to_owned()),
    }
}
