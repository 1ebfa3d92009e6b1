//! A local implementation of the external providers.
//!
//! ```text
//! /v3/...             WeChat Pay API v3 (requests are verified as strictly as WeChat does, responses are signed)
//! /gateway.do         Alipay OpenAPI
//! /einvoice/...       electronic invoices
//! /pay?code=...       the payer's page: what a phone shows after it has scanned a QR code
//! /?...               SMS by Aliyun (calls are signed with ACS3-HMAC-SHA256)
//! /v2/email/...       e-mail by Amazon SES v2; a second port accepts e-mail by SMTP
//! /sandbox/inbox      all accepted SMS and e-mails; with .json for programs
//! /control/...        for tests: paying, fault injection, the providers' clock
//! ```
//!
//! It creates its keys in its state folder, and writes the secrets of the functions there, one file for each secret.

mod alipay;
mod callbacks;
mod control_api;
mod faults;
mod invoices;
mod keys;
mod messaging;
mod payer_page;
mod platform_certificate;
mod trades;
mod wechat;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use clap::Parser;

use faults::Faults;
use keys::Keys;
use messaging::{Inbox, MessagingAccounts, TlsMode};
use platform_certificate::PlatformCertificate;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use trades::Trades;

/// A local implementation of the external providers: payments, invoices, SMS and e-mail.
#[derive(Debug, Parser)]
struct Arguments {
    /// Address for HTTP; port 0 chooses a free port.
    #[arg(long, default_value = "127.0.0.1:4580")]
    listen: SocketAddr,
    /// Address for SMTP; port 0 chooses a free port.
    #[arg(long, default_value = "127.0.0.1:0")]
    smtp: SocketAddr,
    /// Requires TLS for SMTP: `tls` from the first byte, `starttls` after that command.
    #[arg(long, requires_all = ["smtp_certificate", "smtp_key"], value_parser = ["tls", "starttls"])]
    smtp_tls: Option<String>,
    /// Certificate chain of the SMTP server, in PEM.
    #[arg(long)]
    smtp_certificate: Option<PathBuf>,
    /// Private key of the SMTP server, in PEM.
    #[arg(long)]
    smtp_key: Option<PathBuf>,
    /// Folder for keys and for the secrets of the functions.
    #[arg(long)]
    state: PathBuf,
    /// URL for callbacks about payments, to which `/wechat` or `/alipay` is appended.
    #[arg(long)]
    payment_callbacks: String,
    /// URL for callbacks about invoices.
    #[arg(long, default_value = "http://127.0.0.1:9/")]
    invoice_callbacks: String,
}

impl Arguments {
    fn smtp_tls_mode(&self) -> Result<TlsMode, Box<dyn std::error::Error>> {
        let (Some(mode), Some(certificate), Some(key)) = (&self.smtp_tls, &self.smtp_certificate, &self.smtp_key)
        else {
            return Ok(TlsMode::Off);
        };
        let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(if mode == "tls" { TlsMode::Implicit(acceptor) } else { TlsMode::StartTls(acceptor) })
    }
}

/// The state that all routes share.
#[derive(Debug)]
pub struct Sandbox {
    /// Where the sandbox itself is reached over HTTP.
    pub url: String,
    /// Keys of the payment and invoice providers.
    pub keys: Keys,
    pub trades: Trades,
    pub invoices: invoices::Requests,
    pub faults: Faults,
    pub platform_certificate: PlatformCertificate,
    pub http: reqwest::Client,
    pub messaging_accounts: MessagingAccounts,
    pub inbox: Inbox,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let mail = tokio::net::TcpListener::bind(arguments.smtp).await?;
    let keys = Keys::load_or_create(&arguments.state)?;
    let messaging_accounts = MessagingAccounts::load_or_create(&arguments.state)?;
    let secret = arguments.state.join("payments-secret.json");
    std::fs::write(&secret, keys.payments_secret(&url, &arguments.payment_callbacks))?;
    let invoices_secret = arguments.state.join("invoices-secret.json");
    std::fs::write(&invoices_secret, keys.invoices_secret(&url, &arguments.invoice_callbacks))?;
    let mut output = serde_json::json!({"url": url, "paymentsSecret": secret, "invoicesSecret": invoices_secret});
    for (line, file) in messaging_accounts.write(&arguments.state, &url, mail.local_addr()?)? {
        output[line] = file.to_string_lossy().into();
    }
    let http = reqwest::Client::builder().timeout(callbacks::RESPONSE_TIMEOUT).build()?;
    let (trades, faults, platform_certificate, inbox) =
        (Trades::default(), Faults::default(), PlatformCertificate::default(), Inbox::default());
    let invoices = invoices::Requests::default();
    let sandbox = Arc::new(Sandbox {
        url,
        keys,
        trades,
        invoices,
        faults,
        platform_certificate,
        http,
        messaging_accounts,
        inbox,
    });
    tokio::spawn(callbacks::deliver(sandbox.clone()));
    tokio::spawn(invoices::deliver(sandbox.clone()));
    tokio::spawn(messaging::serve_smtp(sandbox.clone(), mail, arguments.smtp_tls_mode()?));
    println!("{output}");
    let router: Router = wechat::routes()
        .merge(alipay::routes())
        .merge(invoices::routes())
        .merge(payer_page::routes())
        .merge(messaging::routes())
        .merge(control_api::routes())
        .with_state(sandbox);
    axum::serve(listener, router).with_graceful_shutdown(termination()).await?;
    Ok(())
}

/// Completes on SIGINT or SIGTERM.
async fn termination() {
    let mut terminated =
        tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("signals can be received");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
