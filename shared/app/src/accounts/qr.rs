//! 扫码登录: tickets in the store. The rules are `domain::account::qr_ticket`.

use domain::account::qr_ticket::{Event, LIFE, State};
use domain::actor::Actor;
use domain::limit::Bucket;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::rows::Device;
use super::{Accounts, Failure, SignedIn, secret, secret_hash};
use crate::limits;
use crate::store::{Change, Key, StoreError, Table, from_row, to_row};

/// Codes shown to one address.
const PER_ADDRESS: Bucket = Bucket::new(10, SignedDuration::from_secs(6));

/// What the page that asked gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrTicket {
    /// Stands in the picture.
    pub id: String,
    /// Stays with the page; the picture alone claims nothing.
    pub poll_secret: String,
    /// Shown beside the picture, typed into the app.
    pub number: String,
    pub expires_at: Timestamp,
}

/// What the app shows before it asks for a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QrRequest {
    pub device: Device,
    pub asked_at: Timestamp,
    pub expires_at: Timestamp,
}

/// What the page learns when it asks.
#[derive(Debug)]
pub enum Claim {
    SignedIn(Box<SignedIn>),
    /// `waiting`, `scanned`, `denied`, `claimed` or `expired`.
    NotYet(&'static str),
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
    pub async fn ask_by_qr(&self, device: Device) -> Result<QrTicket, Failure> {
        let now = self.now();
        limits::take(&*self.store, now, "qr", &device.address, PER_ADDRESS).await?;
        let (id, poll_secret) = (secret(&*self.random), secret(&*self.random));
        let mut byte = [0; 8];
        self.random.fill(&mut byte);
        let number = format!("{:02}", u64::from_le_bytes(byte) % 100);
        let expires_at = now + LIFE;
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

    /// The app has read the picture: who wants to sign in, and from where.
    pub async fn scan_qr(&self, actor: &Actor, id: &str) -> Result<QrRequest, Failure> {
        let row = self.move_ticket(id, |_| Event::Scan { by: actor.account }).await?;
        Ok(QrRequest { device: row.device, asked_at: row.asked_at, expires_at: row.expires_at })
    }

    /// The person says yes and types the page's number; a wrong number ends the ticket.
    pub async fn confirm_qr(&self, actor: &Actor, id: &str, number: &str) -> Result<(), Failure> {
        let event = |row: &TicketRow| Event::Confirm { by: actor.account, numbers_match: row.number == number.trim() };
        let row = self.move_ticket(id, event).await?;
        if row.ticket == State::Denied { Err(Failure::CodeWrong) } else { Ok(()) }
    }

    pub async fn deny_qr(&self, actor: &Actor, id: &str) -> Result<(), Failure> {
        self.move_ticket(id, |_| Event::Deny { by: actor.account }).await.map(|_| ())
    }

    /// The page asks. With a wrong secret the ticket does not exist.
    pub async fn claim_qr(&self, id: &str, poll_secret: &str, device: Device) -> Result<Claim, Failure> {
        let now = self.now();
        let row = self.ticket(id).await?;
        if row.poll_hash != secret_hash(poll_secret) {
            return Err(Failure::NotFound);
        }
        let State::Confirmed { by } = row.ticket else {
            return Ok(Claim::NotYet(row.ticket.seen(row.expires_at, now)));
        };
        if now >= row.expires_at {
            return Ok(Claim::NotYet("expired"));
        }
        let account = self.account(by).await?;
        if account.closed_at.is_some() {
            return Err(Failure::NotFound);
        }
        self.move_ticket(id, |_| Event::Claim).await?;
        let (signed_in, session) = self.open_session(&account, device, now)?;
        self.store.apply(session).await?;
        Ok(Claim::SignedIn(Box::new(signed_in)))
    }

    async fn ticket(&self, id: &str) -> Result<TicketRow, Failure> {
        if id.len() > 64 {
            return Err(Failure::NotFound);
        }
        Ok(from_row(self.store.get(&key(id)).await?.ok_or(Failure::NotFound)?)?)
    }

    /// One step of the ticket; of two at once one is refused.
    async fn move_ticket(&self, id: &str, event: impl Fn(&TicketRow) -> Event) -> Result<TicketRow, Failure> {
        let now = self.now();
        let row = self.ticket(id).await?;
        let ticket = row.ticket.on(event(&row), row.expires_at, now)?;
        let next = TicketRow { version: row.version + 1, ticket, ..row };
        let change = Change::put(key(id), to_row(&next)?).if_version(next.version - 1);
        match self.store.apply(change).await {
            Ok(_) => Ok(next),
            Err(StoreError::Conflict { .. }) => Err(Failure::Changed),
            Err(error) => Err(error.into()),
        }
    }
}

fn key(id: &str) -> Key {
    Key::new(Table::Guards, format!("QR#{id}"), "QR")
}
