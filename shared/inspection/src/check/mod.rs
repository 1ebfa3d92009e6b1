//! The catalogue of checks, one file per check. A file holds the measurement, its limit with the source, and the texts
//! that a customer reads.
//!
//! A check reads the [`InspectionContext`] and returns a [`Judgement`], or `None` where it cannot apply (for example
//! when no face was found). `build.rs` lists the files of this folder, so that a new check is one new file.

use std::borrow::Cow;

use rules::finding::{Finding, Group, Limit, Policy, Region, Verdict};

use crate::inspection_context::InspectionContext;

include!(concat!(env!("OUT_DIR"), "/checks.rs"));

/// One rule of the catalogue.
#[derive(Debug)]
pub struct Check {
    /// Stable, dotted name, for example `pose.roll`. Part of the API.
    pub code: &'static str,
    /// What the check is about.
    pub group: Group,
    /// What a failure means, unless the card's photo spec sets another policy.
    pub policy: Policy,
    /// Name in Chinese.
    pub name_zh: &'static str,
    /// Name in English.
    pub name_en: &'static str,
    /// One text per reason.
    pub texts: &'static [Text],
    /// Judges one upload; `None` where the check cannot apply.
    pub judge: fn(&InspectionContext<'_>) -> Option<Judgement>,
}

/// What a customer reads when a check does not pass. The placeholders `{measured}`, `{min}` and `{max}` are replaced by
/// the finding's numbers.
#[derive(Debug)]
pub struct Text {
    /// Which reason the text is for; `default` when the check has one.
    pub reason: &'static str,
    /// The cause in Chinese.
    pub zh: &'static str,
    /// What to do about it, in Chinese.
    pub zh_hint: &'static str,
    /// The cause in English.
    pub en: &'static str,
    /// What to do about it, in English.
    pub en_hint: &'static str,
}

/// The result of one check. The fields are those of [`Finding`].
#[derive(Debug, Clone)]
pub struct Judgement {
    /// Pass, unsure or fail.
    pub verdict: Verdict,
    /// Which of the check's texts applies.
    pub reason: &'static str,
    /// The measured value, in `unit`.
    pub measured: Option<f64>,
    /// The limit of the measured value, in `unit`.
    pub limit: Option<Limit>,
    /// Unit of the measured value; see [`Finding::unit`].
    pub unit: &'static str,
    /// The part of the picture that the finding is about.
    pub region: Option<Region>,
    /// Where the limit comes from; see [`Finding::source`].
    pub source: Cow<'static, str>,
    /// The OFIQ scalar, 0 to 100.
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
            source: Cow::Borrowed("calibrated"),
            ofiq: None,
        }
    }

    /// A pass without a measured value.
    pub fn pass() -> Self {
        Self::plain(Verdict::Pass, "default")
    }

    /// A failure without a measured value.
    pub fn fail(reason: &'static str) -> Self {
        Self::plain(Verdict::Fail, reason)
    }

    /// Judges a measured value: pass within `limit`, unsure up to `band` beyond it, otherwise fail.
    pub fn measured(value: f64, unit: &'static str, limit: Limit, band: f64) -> Self {
        Self { measured: Some(value), limit: Some(limit), unit, ..Self::plain(limit.judge(value, band), "default") }
    }

    /// Chooses the reason by the side of the limit that was crossed.
    pub fn sides(mut self, below: &'static str, above: &'static str) -> Self {
        if let (Some(value), Some(limit)) = (self.measured, self.limit) {
            let is_below = limit.min.is_some_and(|min| value < min);
            self.reason = if is_below { below } else { above };
        }
        self
    }

    /// Sets where the limit comes from.
    pub fn source(mut self, source: impl Into<Cow<'static, str>>) -> Self {
        self.source = source.into();
        self
    }

    /// Sets the part of the picture that the finding is about.
    pub fn region(mut self, region: Option<Region>) -> Self {
        self.region = region;
        self
    }

    /// Sets the OFIQ scalar, 0 to 100.
    pub fn ofiq(mut self, scalar: u8) -> Self {
        self.ofiq = Some(scalar);
        self
    }

    /// Turns a failure into unsure, for checks whose evidence is weak.
    pub fn suspected(mut self) -> Self {
        if self.verdict == Verdict::Fail {
            self.verdict = Verdict::Unsure;
        }
        self
    }
}

/// Runs every check whose policy is not [`Policy::Off`], in the order of [`ALL`].
pub fn run(context: &InspectionContext<'_>) -> Vec<Finding> {
    ALL.iter().filter_map(|check| check.finding(context)).collect()
}

impl Check {
    fn finding(&self, context: &InspectionContext<'_>) -> Option<Finding> {
        let policy = context.policy(self.code, self.policy);
        if policy == Policy::Off {
            return None;
        }
        let judgement = (self.judge)(context)?;
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

/// Four decimals exceed the precision of every measurement, and keep reports short and stable.
fn round(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}
