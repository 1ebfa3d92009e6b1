//! Nouns, rules and state machines of the ID Photo Centre.
//!
//! Nothing here waits, reads a clock, touches a disk or knows a network: every rule is a plain function of its arguments.

pub mod account;
pub mod actor;
pub mod china_time;
pub mod image_number;
pub mod invoice;
pub mod limit;
pub mod money;
pub mod photo;
pub mod receipt;
pub mod refused;
pub mod region;
pub mod ruleset;
pub mod uscc;

pub use refused::Refused;
pub use rules::{card, finding, photo_spec, reason, report};
