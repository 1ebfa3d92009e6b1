//! The engine, as the use cases see it.

use async_trait::async_trait;
use domain::card::Card;
use domain::report::Report;
use domain::ruleset::Ruleset;

#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    pub report: Report,
    /// JPEG, where one could be made.
    pub standard_photo: Option<Vec<u8>>,
}

/// The engine broke down: a fault of ours, never of the photo.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not inspected: {0}")]
pub struct NotInspected(pub String);

/// Judges any bytes at all; the same bytes always get the same report.
#[async_trait]
pub trait Inspector: Send + Sync {
    async fn inspect(&self, bytes: Vec<u8>, card: Card, ruleset: Ruleset) -> Result<Inspection, NotInspected>;
}
