//! A provider's worst days, one at a time: each switch counts for so many calls and is used up.

use std::collections::BTreeMap;
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// 500 before anything happened.
    Broken,
    /// 429.
    Busy,
    /// It happened, and the answer says 500.
    LostAnswer,
    /// It happened, and the answer comes after everybody stopped waiting.
    Hang,
    /// The answer carries no signature.
    Unsigned,
    /// The answer is signed with another key.
    Forged,
    /// The answer names a key nobody knows.
    UnknownSerial,
    /// The answer was changed after it was signed.
    Tampered,
    /// A callback is not sent at all.
    DropNotice,
    /// Sent twice.
    DuplicateNotice,
    /// Says another amount, genuinely signed.
    WrongAmountNotice,
    /// Is about another merchant, genuinely signed.
    WrongMerchantNotice,
    /// Was changed after it was signed.
    TamperedNotice,
    /// Was signed ten minutes ago.
    StaleNotice,
    /// Is a probe with a signature that is none.
    ProbeNotice,
    /// The provider of short messages or letters is not there.
    MessagesDown,
    /// It refuses a message for good.
    RefuseMessage,
    /// It takes a message and answers after everybody stopped waiting.
    SlowMessage,
    /// The tax authority will not have the next invoice.
    RefuseInvoice,
    /// The next invoice takes an hour of the provider's clock.
    SlowInvoice,
    /// The login at the tax bureau dropped: the next question is told so.
    Disconnected,
}

#[derive(Debug, Default)]
pub struct Faults(Mutex<BTreeMap<Fault, u32>>);

impl Faults {
    pub fn set(&self, fault: Fault, times: u32) {
        self.0.lock().expect("faults").insert(fault, times);
    }

    pub fn clear(&self) {
        self.0.lock().expect("faults").clear();
    }

    /// Is it this call's turn?
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

    /// The first of these whose turn it is.
    pub fn first(&self, of: &[Fault]) -> Option<Fault> {
        of.iter().copied().find(|fault| self.take(*fault))
    }
}
