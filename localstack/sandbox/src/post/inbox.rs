//! What arrived, newest last.

use std::collections::VecDeque;
use std::sync::Mutex;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

const KEPT: usize = 200;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Arrived {
    Sms { phone: String, id: Option<String>, template: String, values: Value },
    Mail { via: &'static str, from: String, to: String, id: Option<String>, subject: String, text: String },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    pub at: Timestamp,
    #[serde(flatten)]
    pub arrived: Arrived,
}

#[derive(Debug, Default)]
pub struct Inbox {
    items: Mutex<VecDeque<Item>>,
    /// Used up by callers who sign with them.
    nonces: Mutex<VecDeque<String>>,
}

impl Inbox {
    pub fn put(&self, arrived: Arrived) {
        let mut items = self.items.lock().expect("inbox");
        items.push_back(Item { at: Timestamp::now(), arrived });
        let over = items.len().saturating_sub(KEPT);
        items.drain(..over);
    }

    pub fn newest_first(&self) -> Vec<Item> {
        self.items.lock().expect("inbox").iter().rev().cloned().collect()
    }

    /// Whether nobody has used it before.
    pub fn spend_nonce(&self, nonce: &str) -> bool {
        const REMEMBERED: usize = 10_000;
        let mut nonces = self.nonces.lock().expect("nonces");
        if nonces.iter().any(|used| used == nonce) {
            return false;
        }
        nonces.push_back(nonce.to_owned());
        let over = nonces.len().saturating_sub(REMEMBERED);
        nonces.drain(..over);
        true
    }
}
