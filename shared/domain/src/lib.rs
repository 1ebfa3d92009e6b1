//! The domain types, rules and state machines of the ID Photo Centre.
//!
//! This crate does no input or output and reads no clock: every rule is a function of its arguments.

#![warn(missing_docs)]

pub mod account;
pub mod actor;
pub mod china_time;
pub mod image_number;
pub mod invoice;
pub mod money;
pub mod photo;
pub mod receipt;
pub mod refused;
pub mod region;
pub mod ruleset;
pub mod text;
pub mod token_bucket;
pub mod uscc;

pub use refused::Refused;
pub use rules::{card, finding, photo_spec, reason, report};
