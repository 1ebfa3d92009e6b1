//! The providers' own books: trades and refunds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    Wechat,
    Alipay,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Unpaid,
    Closed,
    Paid,
    Refunded,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trade {
    pub provider: Provider,
    pub no: String,
    pub fen: i64,
    pub subject: String,
    pub notify_url: String,
    pub expires_at: Timestamp,
    pub status: Status,
    /// The provider's number, once paid.
    pub provider_no: String,
    pub paid_at: Option<Timestamp>,
    pub refund: Option<Refund>,
    /// What a code must say to reach this trade.
    pub code: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    pub no: String,
    pub at: Timestamp,
    /// Asked for at least once after it was accepted.
    pub done: bool,
}

#[derive(Debug, Default)]
pub struct Bank(Mutex<Books>);

#[derive(Debug, Default)]
pub struct Books {
    pub trades: BTreeMap<(Provider, String), Trade>,
    /// Every nonce a merchant may use only once.
    pub nonces: BTreeSet<String>,
    counter: u64,
    /// How far the providers' clock is ahead of the machine's.
    pub ahead: SignedDuration,
}

impl Bank {
    pub fn books(&self) -> MutexGuard<'_, Books> {
        self.0.lock().expect("the books' lock is never poisoned")
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::now() + self.books().ahead
    }
}

/// Why a trade cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotOpened {
    /// The number stands for something else.
    Different,
    Paid,
    Closed,
}

impl Books {
    /// Opens a trade, or finds the same one open.
    pub fn open(&mut self, wish: Trade) -> Result<&mut Trade, NotOpened> {
        let trade = self.trades.entry((wish.provider, wish.no.clone())).or_insert_with(|| wish.clone());
        match trade.status {
            Status::Paid | Status::Refunded => Err(NotOpened::Paid),
            Status::Closed => Err(NotOpened::Closed),
            Status::Unpaid if (trade.fen, &trade.subject) != (wish.fen, &wish.subject) => Err(NotOpened::Different),
            Status::Unpaid => Ok(trade),
        }
    }

    pub fn by_code(&self, code: &str) -> Option<&Trade> {
        self.trades.values().find(|trade| trade.code == code)
    }

    /// The customer pays. `force`: although it is closed, as providers have been seen to allow.
    pub fn pay(&mut self, code: &str, now: Timestamp, force: bool) -> Option<Trade> {
        self.counter += 1;
        let number = format!("42000{}{:08}", now.as_second(), self.counter);
        let trade = self.trades.values_mut().find(|trade| trade.code == code)?;
        let open = trade.status == Status::Unpaid && now < trade.expires_at;
        let forced = force && !matches!(trade.status, Status::Paid | Status::Refunded);
        if !open && !forced {
            return None;
        }
        (trade.status, trade.provider_no, trade.paid_at) = (Status::Paid, number, Some(now));
        Some(trade.clone())
    }

    /// Closes an unpaid trade; answers whether it had been paid.
    pub fn close(&mut self, provider: Provider, no: &str) -> Option<bool> {
        let trade = self.trades.get_mut(&(provider, no.to_owned()))?;
        let paid = matches!(trade.status, Status::Paid | Status::Refunded);
        if !paid {
            trade.status = Status::Closed;
        }
        Some(paid)
    }

    /// Accepts a refund of the whole trade; the same number is the same refund. Nothing when it cannot be.
    pub fn refund(
        &mut self,
        provider: Provider,
        no: &str,
        refund_no: &str,
        fen: i64,
        now: Timestamp,
    ) -> Option<&mut Trade> {
        let trade = self.trades.get_mut(&(provider, no.to_owned()))?;
        match (&trade.refund, trade.status) {
            (Some(refund), _) if refund.no == refund_no => {}
            (None, Status::Paid) if trade.fen == fen => {
                trade.refund = Some(Refund { no: refund_no.to_owned(), at: now, done: false });
                trade.status = Status::Refunded;
            }
            _ => return None,
        }
        Some(trade)
    }
}
