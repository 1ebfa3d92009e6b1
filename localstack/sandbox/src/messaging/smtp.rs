//! An SMTP server (RFC 5321) that accepts e-mail only after authentication (RFC 4954).
//!
//! Without a certificate it offers no TLS; connections then stay on this machine.

use std::io;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::SLOW;
use super::accounts::SENDER;
use super::inbox::Message;
use crate::Sandbox;
use crate::faults::Fault;

/// Limit for a line of a command or of a message. RFC 5321, section 4.5.3.1, requires at least 512 and 1000.
const LINE_BYTES_MAX: u64 = 4096;
const MESSAGE_BYTES_MAX: usize = 1024 * 1024;

/// The state of a session.
#[derive(Default)]
struct Session {
    authenticated: bool,
    /// `MAIL FROM` was accepted.
    has_sender: bool,
    recipients: Vec<String>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Connection(BufStream<Box<dyn Stream>>);

/// When a session is encrypted.
#[derive(Clone)]
pub enum TlsMode {
    Off,
    /// After the command `STARTTLS` (RFC 3207); other commands are refused before it.
    StartTls(TlsAcceptor),
    /// From the first byte.
    Implicit(TlsAcceptor),
}

/// Serves sessions until the listener fails.
pub async fn serve(sandbox: Arc<Sandbox>, listener: TcpListener, tls_mode: TlsMode) {
    while let Ok((stream, _)) = listener.accept().await {
        let (sandbox, tls_mode) = (sandbox.clone(), tls_mode.clone());
        tokio::spawn(async move {
            let (stream, upgrade): (Box<dyn Stream>, _) = match tls_mode {
                TlsMode::Off => (Box::new(stream), None),
                TlsMode::StartTls(tls) => (Box::new(stream), Some(tls)),
                TlsMode::Implicit(tls) => (Box::new(tls.accept(stream).await?), None),
            };
            serve_session(&sandbox, Connection(BufStream::new(stream)), upgrade).await
        });
    }
}

/// One session. While `upgrade` is set, only `STARTTLS` and `QUIT` are allowed after the greeting.
async fn serve_session(
    sandbox: &Sandbox,
    mut connection: Connection,
    mut upgrade: Option<TlsAcceptor>,
) -> io::Result<()> {
    if sandbox.faults.take(Fault::MessagesDown) {
        return connection.reply("421 4.3.2 Service not available").await;
    }
    connection.reply("220 sandbox ESMTP").await?;
    let mut session = Session::default();
    while let Some(command) = connection.read_command().await? {
        let (verb, rest) = command.split_once(' ').unwrap_or((&command, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if upgrade.is_some() => connection.reply("250-sandbox\r\n250 STARTTLS").await?,
            "STARTTLS" => match upgrade.take() {
                Some(tls) => {
                    connection.reply("220 2.0.0 Go ahead").await?;
                    // Input that arrived before the handshake is discarded (RFC 3207, section 4.2).
                    let plain = connection.0.into_inner();
                    connection = Connection(BufStream::new(Box::new(tls.accept(plain).await?)));
                    session = Session::default();
                }
                None => connection.reply("502 5.5.2 Not known here").await?,
            },
            _ if upgrade.is_some() && verb != "QUIT" => {
                connection.reply("530 5.7.0 Must issue a STARTTLS command first").await?
            }
            "EHLO" => {
                connection.reply("250-sandbox\r\n250-8BITMIME\r\n250-SIZE 1048576\r\n250 AUTH PLAIN LOGIN").await?
            }
            "HELO" => connection.reply("250 sandbox").await?,
            "AUTH" => {
                session.authenticated = authenticate(sandbox, &mut connection, rest).await?;
                connection
                    .reply(if session.authenticated { "235 2.7.0 Welcome" } else { "535 5.7.8 Wrong name or password" })
                    .await?;
            }
            "NOOP" => connection.reply("250 2.0.0 Ok").await?,
            "RSET" => {
                session = Session { authenticated: session.authenticated, ..Session::default() };
                connection.reply("250 2.0.0 Ok").await?;
            }
            "QUIT" => return connection.reply("221 2.0.0 Bye").await,
            "MAIL" | "RCPT" | "DATA" if !session.authenticated => {
                connection.reply("530 5.7.0 Authentication required").await?
            }
            "MAIL" => {
                session.has_sender = address(rest) == Some(SENDER);
                connection
                    .reply(if session.has_sender { "250 2.1.0 Ok" } else { "553 5.7.1 Not your address" })
                    .await?;
            }
            "RCPT" if !session.has_sender => connection.reply("503 5.5.1 MAIL first").await?,
            "RCPT" => match address(rest) {
                Some(to) if to.contains('@') && !sandbox.faults.take(Fault::RefuseMessage) => {
                    session.recipients.push(to.to_owned());
                    connection.reply("250 2.1.5 Ok").await?;
                }
                _ => connection.reply("550 5.1.1 No such mailbox").await?,
            },
            "DATA" if session.recipients.is_empty() => connection.reply("503 5.5.1 RCPT first").await?,
            "DATA" => {
                connection.reply("354 Go on").await?;
                let data = connection.read_data().await?;
                let reply = accept(sandbox, &data, &session.recipients);
                if sandbox.faults.take(Fault::SlowMessage) {
                    tokio::time::sleep(SLOW).await;
                }
                session = Session { authenticated: true, ..Session::default() };
                connection.reply(reply).await?;
            }
            _ => connection.reply("502 5.5.2 Not known here").await?,
        }
    }
    Ok(())
}

/// Puts a message into the inbox once for each recipient, and returns the reply.
fn accept(sandbox: &Sandbox, data: &[u8], recipients: &[String]) -> &'static str {
    if data.len() > MESSAGE_BYTES_MAX {
        return "552 5.3.4 Too big";
    }
    let Some(message) = MessageParser::default().parse(data) else { return "554 5.6.0 Not a message" };
    let from = message.from().and_then(|from| from.first()).and_then(|from| from.address());
    for to in recipients {
        sandbox.inbox.put(Message::Mail {
            via: "smtp",
            from: from.unwrap_or_default().to_owned(),
            to: to.clone(),
            id: message.message_id().map(str::to_owned),
            subject: message.subject().unwrap_or_default().to_owned(),
            text: message.body_text(0).unwrap_or_default().into_owned(),
        });
    }
    "250 2.0.0 Ok"
}

/// `AUTH PLAIN` with or without an initial response, or `AUTH LOGIN`.
async fn authenticate(sandbox: &Sandbox, connection: &mut Connection, arguments: &str) -> io::Result<bool> {
    let (mechanism, first) = arguments.split_once(' ').unwrap_or((arguments, ""));
    let key = &sandbox.messaging_accounts.mail;
    Ok(match mechanism.to_ascii_uppercase().as_str() {
        "PLAIN" => {
            let response = if first.is_empty() { connection.challenge("").await? } else { first.to_owned() };
            STANDARD
                .decode(response)
                .is_ok_and(|response| response == format!("\0{}\0{}", key.id, key.secret).into_bytes())
        }
        "LOGIN" => {
            let name = if first.is_empty() { connection.challenge("Username:").await? } else { first.to_owned() };
            let password = connection.challenge("Password:").await?;
            let matches = |text: &str, value: &str| STANDARD.decode(text).is_ok_and(|text| text == value.as_bytes());
            matches(&name, &key.id) && matches(&password, &key.secret)
        }
        _ => false,
    })
}

/// The address between the angle brackets of `FROM:<...>` or `TO:<...>`.
fn address(argument: &str) -> Option<&str> {
    let (_, rest) = argument.split_once('<')?;
    rest.split_once('>').map(|(address, _)| address)
}

impl Connection {
    async fn reply(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(format!("{text}\r\n").as_bytes()).await?;
        self.0.flush().await
    }

    async fn challenge(&mut self, prompt: &str) -> io::Result<String> {
        self.reply(&format!("334 {}", STANDARD.encode(prompt))).await?;
        Ok(self.read_command().await?.unwrap_or_default())
    }

    /// The next line without its end; `None` if the connection was closed or the line is too long.
    async fn read_command(&mut self) -> io::Result<Option<String>> {
        let bytes = self.read_line().await?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim_end().to_owned()))
    }

    async fn read_line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        (&mut self.0).take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes).await?;
        Ok(bytes.ends_with(b"\n").then_some(bytes))
    }

    /// The message up to the line with a single dot, with the dots removed that the client doubled (RFC 5321, section 4.5.2).
    async fn read_data(&mut self) -> io::Result<Vec<u8>> {
        let mut data = Vec::new();
        while let Some(line) = self.read_line().await? {
            if line == b".\r\n" {
                return Ok(data);
            }
            // Too long a message is read to its end, so that the reply follows in order, but not kept.
            if data.len() <= MESSAGE_BYTES_MAX {
                data.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            }
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
