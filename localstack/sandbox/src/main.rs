//! The outside providers on this machine.
//!
//! ```text
//! /v3/...             WeChat Pay API v3      every request is verified as strictly as the provider does, every answer is signed
//! /gateway.do         Alipay OpenAPI
//! /einvoice/...       electronic invoices
//! /pay?code=...       the customer's phone: look at a code, pay it, or do not
//! /?...               Aliyun's short messages (a call that is signed ACS3-HMAC-SHA256)
//! /v2/email/...       Amazon SES v2; letters are taken by SMTP too, on a port of its own
//! /sandbox/inbox      every short message and letter that was taken, .json for programs
//! /_sim/...           switches: pay by program, faults, the providers' clock
//! ```
//!
//! It makes its own keys, keeps them in its state folder, and writes there what the functions must know, one secret a file.

mod alipay;
mod bank;
mod faults;
mod invoices;
mod keys;
mod notify;
mod phone;
mod platform;
mod post;
mod sim;
mod wechat;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use axum::Router;
use clap::Parser;

use bank::Bank;
use faults::Faults;
use keys::Keys;
use platform::Platform;
use post::{Inbox, PostKeys, Safe};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Stands in for the outside providers on this machine.
#[derive(Debug, Parser)]
struct Arguments {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, default_value = "127.0.0.1:4580")]
    listen: SocketAddr,
    /// Where letters are taken.
    #[arg(long, default_value = "127.0.0.1:0")]
    smtp: SocketAddr,
    /// Letters are taken on a safe line only: `tls` from the first byte, `starttls` after a greeting.
    #[arg(long, requires_all = ["smtp_certificate", "smtp_key"], value_parser = ["tls", "starttls"])]
    smtp_safe: Option<String>,
    /// PEM.
    #[arg(long)]
    smtp_certificate: Option<PathBuf>,
    /// PEM.
    #[arg(long)]
    smtp_key: Option<PathBuf>,
    /// Keys and the secrets for the functions lie here.
    #[arg(long)]
    state: PathBuf,
    /// Where the functions are called: `<this>/wechat` and `<this>/alipay`.
    #[arg(long)]
    notices: String,
    /// Where the function of invoices is called.
    #[arg(long, default_value = "http://127.0.0.1:9/")]
    invoice_notices: String,
}

impl Arguments {
    fn safe(&self) -> Result<Safe, Box<dyn std::error::Error>> {
        let (Some(how), Some(certificate), Some(key)) = (&self.smtp_safe, &self.smtp_certificate, &self.smtp_key)
        else {
            return Ok(Safe::Never);
        };
        let chain = CertificateDer::pem_file_iter(certificate)?.collect::<Result<_, _>>()?;
        let config = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(key)?)?;
        let acceptor = TlsAcceptor::from(Arc::new(config));
        Ok(if how == "tls" { Safe::FromTheFirstByte(acceptor) } else { Safe::AfterStarttls(acceptor) })
    }
}

/// What all routes share.
#[derive(Debug)]
pub struct Sandbox {
    pub url: String,
    pub keys: Keys,
    pub bank: Bank,
    pub invoices: invoices::Book,
    pub faults: Faults,
    pub platform: Platform,
    pub http: reqwest::Client,
    pub post_keys: PostKeys,
    pub inbox: Inbox,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments = Arguments::parse();
    let listener = tokio::net::TcpListener::bind(arguments.listen).await?;
    let url = format!("http://{}", listener.local_addr()?);
    let mail = tokio::net::TcpListener::bind(arguments.smtp).await?;
    let keys = Keys::open(&arguments.state)?;
    let post_keys = PostKeys::open(&arguments.state)?;
    let secret = arguments.state.join("payments-secret.json");
    std::fs::write(&secret, keys.secret(&url, &arguments.notices)?)?;
    let invoices_secret = arguments.state.join("invoices-secret.json");
    std::fs::write(&invoices_secret, keys.invoices_secret(&url, &arguments.invoice_notices)?)?;
    let mut facts = serde_json::json!({"url": url, "paymentsSecret": secret, "invoicesSecret": invoices_secret});
    for (line, file) in post_keys.write(&arguments.state, &url, mail.local_addr()?)? {
        facts[line] = file.to_string_lossy().into();
    }
    let http = reqwest::Client::builder().timeout(notify::ANSWER_WITHIN).build()?;
    let (bank, faults, platform, inbox) = (Bank::default(), Faults::default(), Platform::default(), Inbox::default());
    let invoices = invoices::Book::default();
    let sandbox = Arc::new(Sandbox { url, keys, bank, invoices, faults, platform, http, post_keys, inbox });
    tokio::spawn(notify::deliver(sandbox.clone()));
    tokio::spawn(invoices::deliver(sandbox.clone()));
    tokio::spawn(post::serve_smtp(sandbox.clone(), mail, arguments.safe()?));
    println!("{facts}");
    let router: Router = wechat::routes()
        .merge(alipay::routes())
        .merge(invoices::routes())
        .merge(phone::routes())
        .merge(post::routes())
        .merge(sim::routes())
        .with_state(sandbox);
    axum::serve(listener, router).with_graceful_shutdown(asked_to_stop()).await?;
    Ok(())
}

/// Ctrl-C, a polite kill, or the end of whoever started us and held our input open.
async fn asked_to_stop() {
    let mut terminated = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()).expect("signals");
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminated.recv() => {}
    }
}
