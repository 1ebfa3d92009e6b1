//! What a photo must be, and how that is said: the part of the domain that the engine needs.
//!
//! A crate of its own because the engine is compiled optimised even in tests, which takes minutes: a change to accounts or
//! money must not make it wait for that. Everybody but the engine reads these modules as part of `domain`.

pub mod card;
pub mod finding;
pub mod photo_spec;
pub mod reason;
pub mod report;
