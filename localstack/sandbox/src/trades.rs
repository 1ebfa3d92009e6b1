//! The providers' records: trades and refunds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard};

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

/// A payment provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Provider {
    Wechat,
    Alipay,
}

/// State of a trade.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    Unpaid,
    Closed,
    Paid,
    Refunded,
}

/// A payment, as its provider records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Trade {
    pub provider: Provider,
    /// The merchant's number.
    pub no: String,
    /// Amount in fen.
    pub fen: i64,
    pub subject: String,
    pub notify_url: String,
    pub expires_at: Timestamp,
    pub status: Status,
    /// The provider's number, once paid.
    pub provider_no: String,
    pub paid_at: Option<Timestamp>,
    pub refund: Option<Refund>,
    /// The text of the QR code.
    pub code: String,
}

/// The refund of a trade.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refund {
    pub no: String,
    pub at: Timestamp,
    /// Reported to the merchant at least once after it was accepted.
    pub done: bool,
}

/// The records of both providers.
#[derive(Debug, Default)]
pub struct Trades(Mutex<TradeState>);

/// The content of [`Trades`].
#[derive(Debug, Default)]
pub struct TradeState {
    pub trades: BTreeMap<(Provider, String), Trade>,
    /// Nonces that the merchant has used; each is accepted once.
    pub nonces: BTreeSet<String>,
    counter: u64,
    /// Offset of the providers' clock from the machine's clock.
    pub ahead: SignedDuration,
}

impl Trades {
    pub fn lock(&self) -> MutexGuard<'_, TradeState> {
        self.0.lock().expect("the lock is not poisoned")
    }

    pub fn now(&self) -> Timestamp {
        Timestamp::now() + self.lock().ahead
    }
}

/// Why a trade cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenError {
    /// The number is used for a trade with another amount or subject.
    Different,
    Paid,
    Closed,
}

impl TradeState {
    /// Opens a trade, or returns the open one with the same number and parameters.
    pub fn open(&mut self, requested: Trade) -> Result<&mut Trade, OpenError> {
        let trade = self.trades.entry((requested.provider, requested.no.clone())).or_insert_with(|| requested.clone());
        match trade.status {
            Status::Paid | Status::Refunded => Err(OpenError::Paid),
            Status::Closed => Err(OpenError::Closed),
            Status::Unpaid if (trade.fen, &trade.subject) != (requested.fen, &requested.subject) => {
                Err(OpenError::Different)
            }
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
