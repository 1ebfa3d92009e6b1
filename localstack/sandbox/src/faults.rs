//! Fault injection: each fault affects a given number of calls.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

/// A fault. Every fault applies to the next call that it can affect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The request has no effect, and the response has status 500.
    Broken,
    /// The request has no effect, and the response says that the provider is busy (status 429).
    Busy,
    /// The request has its effect, but the response has status 500.
    LostAnswer,
    /// The request has its effect, but the response arrives after the client's time limit.
    Hang,
    /// The response has no signature.
    Unsigned,
    /// The response is signed with another key.
    ForgedSignature,
    /// The response names an unknown key.
    UnknownSerial,
    /// The response was changed after it was signed.
    Tampered,
    /// The callback is not sent.
    DropCallback,
    /// The callback is sent twice.
    DuplicateCallback,
    /// The callback states another amount, correctly signed.
    WrongAmountCallback,
    /// The callback is addressed to another merchant, correctly signed.
    WrongMerchantCallback,
    /// The callback was changed after it was signed.
    TamperedCallback,
    /// The callback was signed ten minutes ago.
    StaleCallback,
    /// The callback is one of WeChat's probes, with an intentionally invalid signature.
    ProbeCallback,
    /// The SMS or e-mail provider is unavailable.
    MessagesDown,
    /// The SMS or e-mail provider refuses a message permanently.
    RefuseMessage,
    /// The SMS or e-mail provider accepts a message, but the response arrives after the client's time limit.
    SlowMessage,
    /// The tax authority refuses the next invoice.
    RefuseInvoice,
    /// The next invoice takes an hour of the provider's clock.
    SlowInvoice,
    /// The next query reports that the login at the tax authority was lost.
    Disconnected,
}

/// How many further calls each fault affects.
#[derive(Debug, Default)]
pub struct Faults(Mutex<BTreeMap<Fault, u32>>);

impl Faults {
    /// Injects a fault into the next `times` calls.
    pub fn set(&self, fault: Fault, times: u32) {
        self.0.lock().expect("faults").insert(fault, times);
    }

    /// Removes all faults.
    pub fn clear(&self) {
        self.0.lock().expect("faults").clear();
    }

    /// Whether this call is affected; if so, one of the remaining times is used up.
    pub fn take(&self, fault: Fault) -> bool {
        let mut faults = self.0.lock().expect("faults");
        match faults.get_mut(&fault) {
            Some(left) if *left > 0 => {
                *left -= 1;
                true
            }
            _ => false,
        }
    }

    /// The first of these faults that affects this call.
    pub fn first(&self, of: &[Fault]) -> Option<Fault> {
        of.iter().copied().find(|fault| self.take(*fault))
    }
}
