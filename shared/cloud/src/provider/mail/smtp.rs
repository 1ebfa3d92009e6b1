//! E-mail through an SMTP server (RFC 5321) with a user name and a password.

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
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::InvalidSettings;

/// For the whole session; the transport's own time limit covers only the connection.
const CALL_MAX: Duration = Duration::from_secs(8);
/// Reply codes that refuse the sender and not the message (RFC 4954, section 6). The message is retried, because correcting the
/// settings makes it deliverable.
const SENDER_REFUSED: [u16; 4] = [530, 534, 535, 538];

type Transport = AsyncSmtpTransport<Tokio1Executor>;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Security {
    /// TLS from the first byte, usually on port 465.
    Tls,
    /// TLS after `STARTTLS`, usually on port 587; never without.
    Starttls,
    /// No encryption; allowed only to a loopback address.
    None,
}

/// Connection and account data of the server.
#[derive(Debug, Clone, Deserialize)]
pub struct Settings {
    /// Name or address of the server; its certificate must prove it.
    pub host: String,
    /// TCP port.
    pub port: u16,
    /// Encryption of the connection.
    pub security: Security,
    /// Root certificates in PEM that replace those of the operating system.
    #[serde(default)]
    pub ca: Option<String>,
    /// User name.
    pub user: String,
    /// Password.
    pub password: SecretString,
    /// `name <address>` or an address.
    pub from: String,
}

/// A client of an SMTP server.
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
    /// A client for one server.
    ///
    /// # Errors
    ///
    /// [`InvalidSettings`] if the sender or a certificate is malformed, or if there is no TLS to a remote server.
    pub fn new(settings: Settings) -> Result<Self, InvalidSettings> {
        let bad = |cause: &dyn std::fmt::Display| InvalidSettings(cause.to_string());
        let from = settings.from.parse().map_err(|_| InvalidSettings("`from` is not an address".to_owned()))?;
        let is_local = settings.host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let tls = match settings.security {
            Security::Tls => Tls::Wrapper(parameters(&settings).map_err(|error| bad(&error))?),
            Security::Starttls => Tls::Required(parameters(&settings).map_err(|error| bad(&error))?),
            Security::None if is_local => Tls::None,
            Security::None => {
                return Err(InvalidSettings("`security` can be `none` only for a loopback address".to_owned()));
            }
        };
        let transport = Transport::builder_dangerous(&settings.host)
            .tls(tls)
            .port(settings.port)
            .credentials(Credentials::new(settings.user, settings.password.expose_secret().to_owned()))
            .timeout(Some(CALL_MAX))
            .build();
        Ok(Self { transport, from })
    }

    fn message(&self, id: &str, email: &EmailMessage) -> Option<Message> {
        let domain = self.from.email.domain();
        Message::builder()
            .from(self.from.clone())
            .to(email.to.parse().ok()?)
            .subject(&email.subject)
            // The same for every attempt, so that mail programs show a repeated message once.
            .message_id(Some(format!("<{id}@{domain}>")))
            .header(ContentType::TEXT_PLAIN)
            .body(email.text.clone())
            .ok()
    }
}

/// The server's certificate must prove its name; TLS 1.2 or newer.
fn parameters(settings: &Settings) -> Result<TlsParameters, smtp::Error> {
    let mut tls = TlsParameters::builder(settings.host.clone());
    if let Some(ca) = &settings.ca {
        tls = tls.certificate_store(CertificateStore::None).add_root_certificate(Certificate::from_pem(ca.as_bytes())?);
    }
    tls.build()
}

#[async_trait]
impl EmailSender for Smtp {
    async fn send(&self, id: &str, email: &EmailMessage) -> Result<(), SendError> {
        let message = self.message(id, email);
        let message = message.ok_or_else(|| SendError::Permanent("the message cannot be composed".to_owned()))?;
        match tokio::time::timeout(CALL_MAX, self.transport.send(message)).await {
            Ok(response) => response.map(drop).map_err(|error| failure(&error)),
            Err(_) => Err(SendError::Temporary("no reply in time".to_owned())),
        }
    }
}

/// Only the reply code: the server's text can contain the address.
fn failure(error: &smtp::Error) -> SendError {
    match error.status().map(u16::from) {
        Some(code) if error.is_permanent() && !SENDER_REFUSED.contains(&code) => SendError::Permanent(code.to_string()),
        Some(code) => SendError::Temporary(code.to_string()),
        None if error.is_timeout() => SendError::Temporary("no reply in time".to_owned()),
        None if error.is_tls() => SendError::Temporary("no TLS connection".to_owned()),
        None => SendError::Temporary("no SMTP session".to_owned()),
    }
}
