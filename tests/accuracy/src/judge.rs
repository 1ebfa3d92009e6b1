//! The engine, asked for verdicts only.

use std::collections::BTreeMap;
use std::path::Path;

use domain::card::Card;
use domain::finding::{Finding, Group, Policy, Verdict};
use domain::photo_spec::PhotoSpec;
use inspection::{Engine, Options};
use serde::{Deserialize, Serialize};

use crate::Trouble;

#[derive(Debug)]
pub struct Judge {
    engine: Engine,
    pub card: Card,
}

/// What one check said.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    pub verdict: Verdict,
    pub group: Group,
    pub blocking: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<f64>,
}

/// What every check said about one photo, by its code. A check that could not apply is absent.
pub type Answers = BTreeMap<String, Answer>;

impl Judge {
    pub fn load(models: &Path, card: Card) -> Result<Self, Trouble> {
        Ok(Self { engine: Engine::load(models)?, card })
    }

    pub fn answers(&self, jpeg: &[u8]) -> Result<Answers, Trouble> {
        let options = Options { render: false, ..Options::default() };
        let report = self.engine.inspect(jpeg, self.card, &options)?.report;
        Ok(report.findings.iter().map(|finding| (finding.check.to_string(), Answer::from(finding))).collect())
    }

    /// The largest upload that the card allows.
    pub fn most_bytes(&self) -> usize {
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
    pub fn refuses(&self) -> bool {
        self.blocking && self.verdict == Verdict::Fail
    }

    /// Is it about the person rather than the file, the framing, the light or the wall?
    pub fn about_the_face(&self) -> bool {
        matches!(self.group, Group::Face | Group::Pose | Group::Expression | Group::Occlusion)
    }
}

/// The strongest answer among some checks; `None` when none of them could apply.
pub fn strongest(answers: &Answers, checks: &[&str]) -> Option<Verdict> {
    let severity = |verdict: &Verdict| match verdict {
        Verdict::Pass => 0,
        Verdict::Unsure => 1,
        Verdict::Fail => 2,
    };
    checks.iter().filter_map(|&check| answers.get(check)).map(|answer| answer.verdict).max_by_key(severity)
}
