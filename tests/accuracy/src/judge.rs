//! Runs the engine for the results of the checks, without standard photos.

use std::collections::BTreeMap;
use std::path::Path;

use domain::card::Card;
use domain::finding::{Finding, Group, Policy, Verdict};
use domain::photo_spec::PhotoSpec;
use inspection::{Engine, Options};
use serde::{Deserialize, Serialize};

use crate::MeasurementError;

/// The engine and the card type.
#[derive(Debug)]
pub struct Judge {
    engine: Engine,
    /// The card type of all photos.
    pub card: Card,
}

/// The result of one check.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Pass, unsure or fail.
    pub verdict: Verdict,
    /// What the check is about.
    pub group: Group,
    /// Whether a failure refuses the photo.
    pub blocking: bool,
    /// The measured value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<f64>,
}

/// The results on one photo, by check code. A check that did not apply is absent.
pub type Answers = BTreeMap<String, Answer>;

impl Judge {
    /// Loads the engine.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::Models`] when the models cannot be loaded.
    pub fn load(models: &Path, card: Card) -> Result<Self, MeasurementError> {
        Ok(Self { engine: Engine::load(models)?, card })
    }

    /// Inspects one JPEG file.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::Engine`] when a network fails.
    pub fn answers(&self, jpeg: &[u8]) -> Result<Answers, MeasurementError> {
        let options = Options { render: false, ..Options::default() };
        let report = self.engine.inspect(jpeg, self.card, &options)?.report;
        Ok(report.findings.iter().map(|finding| (finding.check.to_string(), Answer::from(finding))).collect())
    }

    /// Size of the largest upload that the card allows.
    pub fn max_bytes(&self) -> usize {
        PhotoSpec::of(self.card).input_bytes.limit.max.map_or(usize::MAX, |bytes| bytes as usize)
    }
}

impl From<&Finding> for Answer {
    fn from(finding: &Finding) -> Self {
        Self {
            verdict: finding.verdict,
            group: finding.group,
            blocking: finding.policy == Policy::Blocking,
            measured: finding.measured,
        }
    }
}

impl Answer {
    /// Whether the result refuses the photo.
    pub fn refuses(&self) -> bool {
        self.blocking && self.verdict == Verdict::Fail
    }

    /// Whether the check is about the person, not about the file, the framing, the light or the background.
    pub fn about_the_face(&self) -> bool {
        matches!(self.group, Group::Face | Group::Pose | Group::Expression | Group::Occlusion)
    }
}

/// The most severe verdict of some checks; `None` when none of them applied.
pub fn strongest(answers: &Answers, checks: &[&str]) -> Option<Verdict> {
    let severity = |verdict: &Verdict| match verdict {
        Verdict::Pass => 0,
        Verdict::Unsure => 1,
        Verdict::Fail => 2,
    };
    checks.iter().filter_map(|&check| answers.get(check)).map(|answer| answer.verdict).max_by_key(severity)
}
