//! The messages that were accepted.

use std::collections::VecDeque;
use std::sync::Mutex;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

/// Messages that are kept; older ones are dropped.
const KEPT: usize = 200;

/// An accepted message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Message {
    Sms { phone: String, id: Option<String>, template: String, values: Value },
    Mail { via: &'static str, from: String, to: String, id: Option<String>, subject: String, text: String },
}

/// A message with the time of its arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Item {
    pub at: Timestamp,
    #[serde(flatten)]
    pub message: Message,
}

/// The messages of all providers, oldest first.
#[derive(Debug, Default)]
pub struct Inbox {
    items: Mutex<VecDeque<Item>>,
    /// Nonces of signed calls.
    nonces: Mutex<VecDeque<String>>,
}

impl Inbox {
    /// Adds a message.
    pub fn put(&self, message: Message) {
        let mut items = self.items.lock().expect("the lock is not poisoned");
        items.push_back(Item { at: Timestamp::now(), message });
        let over = items.len().saturating_sub(KEPT);
        items.drain(..over);
    }

    /// All kept messages, newest first.
    pub fn newest_first(&self) -> Vec<Item> {
        self.items.lock().expect("the lock is not poisoned").iter().rev().cloned().collect()
    }

    /// Whether a nonce is new; it then counts as used.
    pub fn use_nonce(&self, nonce: &str) -> bool {
        const REMEMBERED: usize = 10_000;
        let mut nonces = self.nonces.lock().expect("the lock is not poisoned");
        if nonces.iter().any(|used| used == nonce) {
            return false;
        }
        nonces.push_back(nonce.to_owned());
        let over = nonces.len().saturating_sub(REMEMBERED);
        nonces.drain(..over);
        true
    }
}
