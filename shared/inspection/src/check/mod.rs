//! The catalogue: one check a file. A file holds what is measured, its limit and source, and what a person reads.
//!
//! A check looks at the [`Scene`] and answers with a [`Judgement`], or with nothing where it cannot apply
//! (no face to look at). `build.rs` lists the files, so adding a check is adding one file.

use std::borrow::Cow;

use rules::finding::{Finding, Group, Limit, Policy, Region, Verdict};

use crate::scene::Scene;

include!(concat!(env!("OUT_DIR"), "/checks.rs"));

/// One rule of the catalogue.
#[derive(Debug)]
pub struct Check {
    pub code: &'static str,
    pub group: Group,
    /// What a failure means unless the card's photo spec says otherwise.
    pub policy: Policy,
    pub name_zh: &'static str,
    pub name_en: &'static str,
    pub texts: &'static [Text],
    pub judge: fn(&Scene<'_>) -> Option<Judgement>,
}

/// What a person reads when a check does not pass. `{measured}`, `{min}` and `{max}` stand for the finding's numbers.
#[derive(Debug)]
pub struct Text {
    pub reason: &'static str,
    pub zh: &'static str,
    pub zh_hint: &'static str,
    pub en: &'static str,
    pub en_hint: &'static str,
}

/// What a check found.
#[derive(Debug, Clone)]
pub struct Judgement {
    pub verdict: Verdict,
    pub reason: &'static str,
    pub measured: Option<f64>,
    pub limit: Option<Limit>,
    pub unit: &'static str,
    pub region: Option<Region>,
    pub source: Cow<'static, str>,
    pub ofiq: Option<u8>,
}

impl Judgement {
    fn plain(verdict: Verdict, reason: &'static str) -> Self {
        Self {
            verdict,
            reason,
            measured: None,
            limit: None,
            unit: "",
            region: None,
            source: Cow::Borrowed("house"),
            ofiq: None,
        }
    }

    pub fn pass() -> Self {
        Self::plain(Verdict::Pass, "default")
    }

    pub fn fail(reason: &'static str) -> Self {
        Self::plain(Verdict::Fail, reason)
    }

    /// Judges a measured value: pass within `limit`, unsure up to `band` beyond it, fail further out.
    pub fn measured(value: f64, unit: &'static str, limit: Limit, band: f64) -> Self {
        Self { measured: Some(value), limit: Some(limit), unit, ..Self::plain(limit.judge(value, band), "default") }
    }

    /// Names the reason by the side of the limit that was crossed.
    pub fn sides(mut self, below: &'static str, above: &'static str) -> Self {
        if let (Some(value), Some(limit)) = (self.measured, self.limit) {
            let is_below = limit.min.is_some_and(|min| value < min);
            self.reason = if is_below { below } else { above };
        }
        self
    }

    pub fn source(mut self, source: impl Into<Cow<'static, str>>) -> Self {
        self.source = source.into();
        self
    }

    pub fn region(mut self, region: Option<Region>) -> Self {
        self.region = region;
        self
    }

    pub fn ofiq(mut self, scalar: u8) -> Self {
        self.ofiq = Some(scalar);
        self
    }

    /// Weak evidence: what would be a failure is shown as unsure.
    pub fn suspected(mut self) -> Self {
        if self.verdict == Verdict::Fail {
            self.verdict = Verdict::Unsure;
        }
        self
    }
}

/// Runs every check that the card's photo spec does not switch off.
pub fn run(scene: &Scene<'_>) -> Vec<Finding> {
    ALL.iter().filter_map(|check| check.finding(scene)).collect()
}

impl Check {
    fn finding(&self, scene: &Scene<'_>) -> Option<Finding> {
        let policy = scene.policy(self);
        if policy == Policy::Off {
            return None;
        }
        let judgement = (self.judge)(scene)?;
        Some(Finding {
            check: Cow::Borrowed(self.code),
            group: self.group,
            verdict: judgement.verdict,
            policy,
            reason: Cow::Borrowed(if judgement.verdict == Verdict::Pass { "default" } else { judgement.reason }),
            measured: judgement.measured.map(round),
            limit: judgement.limit,
            unit: Cow::Borrowed(judgement.unit),
            region: judgement.region,
            source: judgement.source,
            ofiq: judgement.ofiq,
        })
    }
}

/// Four significant decimals are more than any measure is good for, and keep reports stable and short.
fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
