//! The provider's own books.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;

use domain::china_time;
use domain::money::Fen;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};

/// How long the tax authority usually takes here, and on a bad day.
pub const WAIT: SignedDuration = SignedDuration::from_millis(300);
pub const SLOW: SignedDuration = SignedDuration::from_hours(1);
const NONCES_MAX: usize = 10_000;

#[derive(Debug, Default)]
pub struct Book(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    requests: BTreeMap<String, Request>,
    nonces: VecDeque<String>,
    issued: u64,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    pub order_no: String,
    pub buyer: String,
    pub fen: i64,
    /// The document that a red invoice takes back.
    pub takes_back: Option<String>,
    pub callback_url: String,
    /// Why it will be refused.
    pub refuse: Option<String>,
    pub done_at: Timestamp,
    pub outcome: Option<Outcome>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Outcome {
    Issued { document: Document },
    Refused { why: String },
}

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
        self.takes_back.is_some()
    }

    /// As a question is answered, and as a callback says it.
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

    /// In yuan; a red invoice's has a minus.
    pub fn total(&self, more_fen: i64) -> String {
        let fen = self.fen + more_fen;
        Fen::new(if self.is_red() { -fen } else { fen }).decimal()
    }
}

impl Book {
    pub fn all(&self) -> Vec<Request> {
        self.state().requests.values().cloned().collect()
    }

    pub fn find(&self, order_no: &str) -> Option<Request> {
        self.state().requests.get(order_no).cloned()
    }

    /// The request that issued this document, if it was issued and not taken back.
    pub fn standing(&self, invoice_num: &str) -> Option<Request> {
        let state = self.state();
        let takes_back = |request: &&Request| {
            request.takes_back.as_deref() == Some(invoice_num)
                && !matches!(request.outcome, Some(Outcome::Refused { .. }))
        };
        if state.requests.values().any(|request| takes_back(&request)) {
            return None;
        }
        let issued =
            |request: &&Request| request.document().is_some_and(|document| document.invoice_num == invoice_num);
        state.requests.values().find(|request| issued(request) && !request.is_red()).cloned()
    }

    /// Nothing when the number was used before.
    pub fn take(&self, request: Request, done_at: Timestamp) -> Option<()> {
        let mut state = self.state();
        if state.requests.contains_key(&request.order_no) {
            return None;
        }
        state.requests.insert(request.order_no.clone(), Request { done_at, ..request });
        Some(())
    }

    pub fn is_new_nonce(&self, nonce: &str) -> bool {
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

    /// Works off what is due by `now`; answers what got its outcome.
    pub fn work(&self, now: Timestamp) -> Vec<Request> {
        let mut state = self.state();
        let State { requests, issued, .. } = &mut *state;
        let mut worked = Vec::new();
        for request in requests.values_mut().filter(|request| request.outcome.is_none() && request.done_at <= now) {
            request.outcome = Some(match &request.refuse {
                Some(why) => Outcome::Refused { why: why.clone() },
                None => {
                    *issued += 1;
                    let number = format!("{}{:010}", china_time::local(now).strftime("%y44200000"), *issued);
                    Outcome::Issued { document: Document { invoice_num: number, at: now } }
                }
            });
            worked.push(request.clone());
        }
        worked
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("book")
    }
}
