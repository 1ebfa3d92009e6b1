//! The port to the inspection engine.

use async_trait::async_trait;
use domain::card::Card;
use domain::report::Report;
use domain::ruleset::Ruleset;

/// The result of one inspection.
#[derive(Debug, Clone, PartialEq)]
pub struct Inspection {
    /// Every check with its finding, and the verdict.
    pub report: Report,
    /// The standard photo as JPEG; `None` if the upload could not be brought into its format.
    pub standard_photo: Option<Vec<u8>>,
}

/// The engine failed. It is a fault of the service; a bad photo gets a report instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("inspection failed: {0}")]
pub struct InspectionError(pub String);

/// The inspection engine.
#[async_trait]
pub trait Inspector: Send + Sync {
    /// Inspects `bytes`, which may be any file at all, as a photo for `card` under `ruleset`. The same arguments always
    /// give the same report.
    ///
    /// # Errors
    ///
    /// If the engine fails.
    async fn inspect(&self, bytes: Vec<u8>, card: Card, ruleset: Ruleset) -> Result<Inspection, InspectionError>;
}
