//! Measures how often each check is correct, on labelled photos and on pictures with degradations of known strength.
//!
//! ```text
//! folder + labels.csv -> photo (JPEG bytes) -> Judge -> Run (JSON) -> score, attribute_groups, compare -> tables
//!                                     '-> Subject -> DegradationSweep -> SweepResult   '-> stability
//! ```
//!
//! A [`run::Run`] contains the results of every check on every photo, so that two engines can be compared without the
//! photos.
#![warn(missing_docs)]

pub mod attribute_groups;
pub mod compare;
pub mod data_split;
pub mod degradation_sweep;
pub mod error;
pub mod expectation;
pub mod judge;
pub mod labels;
pub mod photo;
pub mod run;
pub mod score;
pub mod stability;
pub mod statistics;
pub mod subject;
pub mod sweep_result;
pub mod table;
pub mod text;

pub use error::MeasurementError;
