//! 扫码登录: sign-in by QR code. The rules of a ticket are in `domain::account::qr_ticket`.

use domain::account::qr_ticket::{Event, LIFETIME, State};
use domain::actor::Actor;
use domain::token_bucket::TokenBucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rows::Device;
use super::{AccountError, Accounts, SignedIn, secret, secret_hash};
use crate::failure::Failure;
use crate::rate_limit;
use crate::store::{Change, Key, Table, from_row, to_row};

/// Tickets of one network address.
const PER_ADDRESS: TokenBucket = TokenBucket::new(10, SignedDuration::from_secs(6));

/// A new ticket, for the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrTicket {
    /// The content of the QR code.
    pub id: String,
    /// The page's secret for claiming the session; the QR code does not hold it.
    pub poll_secret: String,
    /// Two digits, which the page shows and the person types into the app.
    pub number: String,
    /// The end of the ticket's lifetime.
    pub expires_at: Timestamp,
}

/// The request that the app shows before the person confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrRequest {
    /// The device of the page.
    pub device: Device,
    /// When the page showed the QR code.
    pub asked_at: Timestamp,
    /// The end of the ticket's lifetime.
    pub expires_at: Timestamp,
}

/// The answer to the page's poll.
#[derive(Debug)]
pub enum QrClaim {
    /// The person confirmed; the page is signed in.
    SignedIn(Box<SignedIn>),
    /// The ticket's state: `waiting`, `scanned`, `denied`, `claimed` or `expired`.
    Pending(&'static str),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TicketRow {
    version: i64,
    ticket: State,
    poll_hash: String,
    number: String,
    device: Device,
    asked_at: Timestamp,
    expires_at: Timestamp,
    ttl: i64,
}

impl Accounts {
    /// A new ticket for a page on `device`.
    ///
    /// # Errors
    /// [`AccountError::Wait`] for the rate limit.
    pub async fn start_qr_sign_in(&self, device: Device) -> Result<QrTicket, AccountError> {
        let now = self.now();
        rate_limit::acquire(&*self.store, now, "qr", &device.address, PER_ADDRESS).await?;
        let (id, poll_secret) = (secret(&*self.random), secret(&*self.random));
        let mut byte = [0; 8];
        self.random.fill(&mut byte);
        let number = format!("{:02}", u64::from_le_bytes(byte) % 100);
        let expires_at = now + LIFETIME;
        let row = TicketRow {
            version: 1,
            ticket: State::Waiting,
            poll_hash: secret_hash(&poll_secret),
            number: number.clone(),
            device,
            asked_at: now,
            expires_at,
            ttl: expires_at.as_second(),
        };
        self.store.apply(Change::put(key(&id), to_row(&row)?).if_absent()).await?;
        Ok(QrTicket { id, poll_secret, number, expires_at })
    }

    /// The app scanned the QR code: returns the request for the person to check.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for an unknown ticket, [`AccountError::Refused`] when the ticket is not waiting.
    pub async fn scan_qr(&self, actor: &Actor, id: &str) -> Result<QrRequest, AccountError> {
        let row = self.apply_event(id, |_| Event::Scan { by: actor.account }).await?;
        Ok(QrRequest { device: row.device, asked_at: row.asked_at, expires_at: row.expires_at })
    }

    /// The person confirms with the page's number. A wrong number ends the ticket.
    ///
    /// # Errors
    /// [`AccountError::CodeWrong`] for a wrong number, [`AccountError::Refused`] for another account or state.
    pub async fn confirm_qr(&self, actor: &Actor, id: &str, number: &str) -> Result<(), AccountError> {
        let event = |row: &TicketRow| Event::Confirm { by: actor.account, numbers_match: row.number == number.trim() };
        let row = self.apply_event(id, event).await?;
        if row.ticket == State::Denied { Err(AccountError::CodeWrong) } else { Ok(()) }
    }

    /// The person denies.
    ///
    /// # Errors
    /// [`AccountError::Refused`] for another account or state.
    pub async fn deny_qr(&self, actor: &Actor, id: &str) -> Result<(), AccountError> {
        self.apply_event(id, |_| Event::Deny { by: actor.account }).await.map(|_| ())
    }

    /// The page polls with its secret and signs in once the person confirmed.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for an unknown ticket or a wrong secret.
    pub async fn claim_qr(&self, id: &str, poll_secret: &str, device: Device) -> Result<QrClaim, AccountError> {
        let now = self.now();
        let row = self.ticket(id).await?;
        if row.poll_hash != secret_hash(poll_secret) {
            return Err(Failure::NotFound.into());
        }
        let State::Confirmed { by } = row.ticket else {
            return Ok(QrClaim::Pending(row.ticket.visible_name(row.expires_at, now)));
        };
        if now >= row.expires_at {
            return Ok(QrClaim::Pending("expired"));
        }
        let account = self.account(by).await?;
        if account.closed_at.is_some() {
            return Err(Failure::NotFound.into());
        }
        self.apply_event(id, |_| Event::Claim).await?;
        let (signed_in, session) = self.open_session(&account, device, now)?;
        self.store.apply(session).await?;
        Ok(QrClaim::SignedIn(Box::new(signed_in)))
    }

    async fn ticket(&self, id: &str) -> Result<TicketRow, AccountError> {
        if id.len() > 64 {
            return Err(Failure::NotFound.into());
        }
        Ok(from_row(self.store.get(&key(id)).await?.ok_or(Failure::NotFound)?)?)
    }

    /// Moves the ticket by one event. Of two concurrent events, one is refused.
    async fn apply_event(&self, id: &str, event: impl Fn(&TicketRow) -> Event) -> Result<TicketRow, AccountError> {
        let now = self.now();
        let row = self.ticket(id).await?;
        let ticket = row.ticket.on(event(&row), row.expires_at, now)?;
        let next = TicketRow { version: row.version + 1, ticket, ..row };
        let change = Change::put(key(id), to_row(&next)?).if_version(next.version - 1);
        self.store.apply(change).await?;
        Ok(next)
    }
}

fn key(id: &str) -> Key {
    Key::new(Table::Ephemeral, format!("QR#{id}"), "QR")
}
