//! How often is each check right, on photos that a person has labelled and on pictures spoiled by known amounts?
//!
//! ```text
//! folder + labels.csv -> photo (JPEG bytes) -> Judge -> Run (JSON) -> score, split, compare -> tables
//!                                     '-> sitter -> ramp -> climb      '-> stability
//! ```
//!
//! A [`run::Run`] holds what every check said about every photo, so that two engines can be compared without the photos.

pub mod climb;
pub mod compare;
pub mod error;
pub mod expectation;
pub mod half;
pub mod judge;
pub mod labels;
pub mod photo;
pub mod ramp;
pub mod run;
pub mod score;
pub mod sitter;
pub mod split;
pub mod stability;
pub mod statistics;
pub mod table;
pub mod text;

pub use error::Trouble;
