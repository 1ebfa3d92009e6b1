//! A mail server on loopback (RFC 5321) that takes nothing from callers without a password (RFC 4954).
//!
//! Without a certificate it offers no TLS: the line never leaves this machine.

use std::io;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use mail_parser::MessageParser;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufStream};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::SLOW;
use super::inbox::Arrived;
use super::keys::SENDER;
use crate::Sandbox;
use crate::faults::Fault;

/// A line of a command, and of a letter (RFC 5321, 4.5.3.1); with room.
const LINE_BYTES_MAX: u64 = 4096;
const LETTER_BYTES_MAX: usize = 1024 * 1024;

/// What one caller has said so far.
#[derive(Default)]
struct Caller {
    known: bool,
    from: bool,
    to: Vec<String>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Line(BufStream<Box<dyn Stream>>);

/// When the server proves who it is.
#[derive(Clone)]
pub enum Safe {
    Never,
    AfterStarttls(TlsAcceptor),
    FromTheFirstByte(TlsAcceptor),
}

pub async fn serve(sandbox: Arc<Sandbox>, listener: TcpListener, safe: Safe) {
    while let Ok((stream, _)) = listener.accept().await {
        let (sandbox, safe) = (sandbox.clone(), safe.clone());
        tokio::spawn(async move {
            let (stream, upgrade): (Box<dyn Stream>, _) = match safe {
                Safe::Never => (Box::new(stream), None),
                Safe::AfterStarttls(tls) => (Box::new(stream), Some(tls)),
                Safe::FromTheFirstByte(tls) => (Box::new(tls.accept(stream).await?), None),
            };
            converse(&sandbox, Line(BufStream::new(stream)), upgrade).await
        });
    }
}

/// `upgrade`: nothing but a safe line until STARTTLS (RFC 3207).
async fn converse(sandbox: &Sandbox, mut line: Line, mut upgrade: Option<TlsAcceptor>) -> io::Result<()> {
    if sandbox.faults.take(Fault::MessagesDown) {
        return line.say("421 4.3.2 Service not available").await;
    }
    line.say("220 sandbox ESMTP").await?;
    let mut caller = Caller::default();
    while let Some(command) = line.hear().await? {
        let (verb, rest) = command.split_once(' ').unwrap_or((&command, ""));
        match verb.to_ascii_uppercase().as_str() {
            "EHLO" if upgrade.is_some() => line.say("250-sandbox\r\n250 STARTTLS").await?,
            "STARTTLS" => match upgrade.take() {
                Some(tls) => {
                    line.say("220 2.0.0 Go ahead").await?;
                    // What was sent before the handshake is not of this conversation.
                    let plain = line.0.into_inner();
                    line = Line(BufStream::new(Box::new(tls.accept(plain).await?)));
                    caller = Caller::default();
                }
                None => line.say("502 5.5.2 Not known here").await?,
            },
            _ if upgrade.is_some() && verb != "QUIT" => {
                line.say("530 5.7.0 Must issue a STARTTLS command first").await?
            }
            "EHLO" => line.say("250-sandbox\r\n250-8BITMIME\r\n250-SIZE 1048576\r\n250 AUTH PLAIN LOGIN").await?,
            "HELO" => line.say("250 sandbox").await?,
            "AUTH" => {
                caller.known = authenticate(sandbox, &mut line, rest).await?;
                line.say(if caller.known { "235 2.7.0 Welcome" } else { "535 5.7.8 Wrong name or password" }).await?;
            }
            "NOOP" => line.say("250 2.0.0 Ok").await?,
            "RSET" => {
                caller = Caller { known: caller.known, ..Caller::default() };
                line.say("250 2.0.0 Ok").await?;
            }
            "QUIT" => return line.say("221 2.0.0 Bye").await,
            "MAIL" | "RCPT" | "DATA" if !caller.known => line.say("530 5.7.0 Authentication required").await?,
            "MAIL" => {
                caller.from = address(rest) == Some(SENDER);
                line.say(if caller.from { "250 2.1.0 Ok" } else { "553 5.7.1 Not your address" }).await?;
            }
            "RCPT" if !caller.from => line.say("503 5.5.1 MAIL first").await?,
            "RCPT" => match address(rest) {
                Some(to) if to.contains('@') && !sandbox.faults.take(Fault::RefuseMessage) => {
                    caller.to.push(to.to_owned());
                    line.say("250 2.1.5 Ok").await?;
                }
                _ => line.say("550 5.1.1 No such mailbox").await?,
            },
            "DATA" if caller.to.is_empty() => line.say("503 5.5.1 RCPT first").await?,
            "DATA" => {
                line.say("354 Go on").await?;
                let letter = line.letter().await?;
                let answer = take(sandbox, &letter, &caller.to);
                if sandbox.faults.take(Fault::SlowMessage) {
                    tokio::time::sleep(SLOW).await;
                }
                caller = Caller { known: true, ..Caller::default() };
                line.say(answer).await?;
            }
            _ => line.say("502 5.5.2 Not known here").await?,
        }
    }
    Ok(())
}

fn take(sandbox: &Sandbox, letter: &[u8], to: &[String]) -> &'static str {
    if letter.len() > LETTER_BYTES_MAX {
        return "552 5.3.4 Too big";
    }
    let Some(message) = MessageParser::default().parse(letter) else { return "554 5.6.0 Not a message" };
    let from = message.from().and_then(|from| from.first()).and_then(|from| from.address());
    for to in to {
        sandbox.inbox.put(Arrived::Mail {
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

/// `PLAIN` with or without its answer on the same line, or `LOGIN`, one question at a time.
async fn authenticate(sandbox: &Sandbox, line: &mut Line, said: &str) -> io::Result<bool> {
    let (how, first) = said.split_once(' ').unwrap_or((said, ""));
    let key = &sandbox.post_keys.mail;
    Ok(match how.to_ascii_uppercase().as_str() {
        "PLAIN" => {
            let answer = if first.is_empty() { line.ask("").await? } else { first.to_owned() };
            STANDARD.decode(answer).is_ok_and(|answer| answer == format!("\0{}\0{}", key.id, key.secret).into_bytes())
        }
        "LOGIN" => {
            let name = if first.is_empty() { line.ask("Username:").await? } else { first.to_owned() };
            let password = line.ask("Password:").await?;
            let right = |text: &str, value: &str| STANDARD.decode(text).is_ok_and(|text| text == value.as_bytes());
            right(&name, &key.id) && right(&password, &key.secret)
        }
        _ => false,
    })
}

/// What stands between the angle brackets of `FROM:<...>` or `TO:<...>`.
fn address(said: &str) -> Option<&str> {
    let (_, rest) = said.split_once('<')?;
    rest.split_once('>').map(|(address, _)| address)
}

impl Line {
    async fn say(&mut self, text: &str) -> io::Result<()> {
        self.0.write_all(format!("{text}\r\n").as_bytes()).await?;
        self.0.flush().await
    }

    async fn ask(&mut self, question: &str) -> io::Result<String> {
        self.say(&format!("334 {}", STANDARD.encode(question))).await?;
        Ok(self.hear().await?.unwrap_or_default())
    }

    /// One line without its end; none when the caller has hung up or never ends it.
    async fn hear(&mut self) -> io::Result<Option<String>> {
        let bytes = self.line().await?;
        Ok(bytes.map(|bytes| String::from_utf8_lossy(&bytes).trim_end().to_owned()))
    }

    async fn line(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut bytes = Vec::new();
        (&mut self.0).take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes).await?;
        Ok(bytes.ends_with(b"\n").then_some(bytes))
    }

    /// Up to the line with one dot; a dot doubled at the start of a line is one.
    async fn letter(&mut self) -> io::Result<Vec<u8>> {
        let mut letter = Vec::new();
        while let Some(line) = self.line().await? {
            if line == b".\r\n" {
                return Ok(letter);
            }
            // Read on, to answer in order; keep no more than proves that it is too much.
            if letter.len() <= LETTER_BYTES_MAX {
                letter.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
            }
        }
        Err(io::ErrorKind::UnexpectedEof.into())
    }
}
