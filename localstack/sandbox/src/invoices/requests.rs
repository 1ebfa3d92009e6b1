//! The provider's records: requests and their outcomes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use domain::china_time;
use domain::money::Fen;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

/// How long the tax authority takes.
pub const DELAY: SignedDuration = SignedDuration::from_millis(300);
/// How long it takes with the fault `slow-invoice`.
pub const SLOW_DELAY: SignedDuration = SignedDuration::from_hours(1);
/// Nonces that are remembered.
const NONCES_MAX: usize = 10_000;

/// All requests, by the customer's number.
#[derive(Debug, Default)]
pub struct Requests(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    requests: BTreeMap<String, Request>,
    nonces: VecDeque<String>,
    issued: u64,
}

/// A request for an invoice, or for a red invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub order_no: String,
    pub buyer: String,
    pub fen: i64,
    /// The number of the invoice that a red invoice cancels.
    pub cancels: Option<String>,
    pub callback_url: String,
    /// The reason if it will be refused.
    pub refuse: Option<String>,
    pub done_at: Timestamp,
    pub outcome: Option<Outcome>,
}

/// The outcome of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outcome {
    Issued { document: Document },
    Refused { why: String },
}

/// An issued invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    pub invoice_num: String,
    pub at: Timestamp,
}

impl Request {
    pub const fn document(&self) -> Option<&Document> {
        match &self.outcome {
            Some(Outcome::Issued { document }) => Some(document),
            _ => None,
        }
    }

    const fn is_red(&self) -> bool {
        self.cancels.is_some()
    }

    /// The result of a query, and the body of a callback.
    pub fn status(&self, disconnected: bool) -> Value {
        let base = if self.is_red() { 6 } else { 0 };
        match &self.outcome {
            _ if disconnected => {
                json!({"orderNo": self.order_no, "status": base + 3, "disconnFlag": true, "statusMsg": "税局登录已失效"})
            }
            None => json!({"orderNo": self.order_no, "status": base + 1}),
            Some(Outcome::Refused { why }) => json!({"orderNo": self.order_no, "status": base + 3, "statusMsg": why}),
            Some(Outcome::Issued { document }) => json!({
                "orderNo": self.order_no, "status": base + 2, "invoiceNum": document.invoice_num,
                "invoiceTime": china_time::text(document.at), "orderTotal": self.total(0),
            }),
        }
    }

    /// The total in yuan plus `more_fen`; negative for a red invoice.
    pub fn total(&self, more_fen: i64) -> String {
        let fen = self.fen + more_fen;
        Fen::new(if self.is_red() { -fen } else { fen }).decimal()
    }
}

impl Requests {
    pub fn all(&self) -> Vec<Request> {
        self.state().requests.values().cloned().collect()
    }

    pub fn find(&self, order_no: &str) -> Option<Request> {
        self.state().requests.get(order_no).cloned()
    }

    /// The request that issued this invoice, if it has not been cancelled.
    pub fn find_uncancelled(&self, invoice_num: &str) -> Option<Request> {
        let state = self.state();
        let cancels = |request: &&Request| {
            request.cancels.as_deref() == Some(invoice_num) && !matches!(request.outcome, Some(Outcome::Refused { .. }))
        };
        if state.requests.values().any(|request| cancels(&request)) {
            return None;
        }
        let issued =
            |request: &&Request| request.document().is_some_and(|document| document.invoice_num == invoice_num);
        state.requests.values().find(|request| issued(request) && !request.is_red()).cloned()
    }

    /// Adds a request; `None` if its number was used before.
    pub fn add(&self, request: Request, done_at: Timestamp) -> Option<()> {
        let mut state = self.state();
        if state.requests.contains_key(&request.order_no) {
            return None;
        }
        state.requests.insert(request.order_no.clone(), Request { done_at, ..request });
        Some(())
    }

    /// Whether a nonce is new; it then counts as used.
    pub fn use_nonce(&self, nonce: &str) -> bool {
        let mut state = self.state();
        if state.nonces.iter().any(|used| used == nonce) {
            return false;
        }
        state.nonces.push_back(nonce.to_owned());
        if state.nonces.len() > NONCES_MAX {
            state.nonces.pop_front();
        }
        true
    }

    /// Completes the requests that are due at `now`, and returns them.
    pub fn complete_due(&self, now: Timestamp) -> Vec<Request> {
        let mut state = self.state();
        let State { requests, issued, .. } = &mut *state;
        let mut completed = Vec::new();
        for request in requests.values_mut().filter(|request| request.outcome.is_none() && request.done_at <= now) {
            request.outcome = Some(match &request.refuse {
                Some(why) => Outcome::Refused { why: why.clone() },
                None => {
                    *issued += 1;
                    let number = format!("{}{:010}", china_time::local(now).strftime("%y44200000"), *issued);
                    Outcome::Issued { document: Document { invoice_num: number, at: now } }
                }
            });
            completed.push(request.clone());
        }
        completed
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("the lock is not poisoned")
    }
}
