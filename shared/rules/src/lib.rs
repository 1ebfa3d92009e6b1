//! The rules for photos and the texts about them: the part of the domain that the inspection engine needs.
//!
//! It is a separate crate because the engine is compiled with optimisation even in tests, which takes minutes: a change
//! to accounts or money does not recompile it. All crates except the engine use these modules through `domain`.
#![warn(missing_docs)]

pub mod card;
pub mod finding;
pub mod photo_spec;
pub mod reason;
pub mod report;
