//! What one check says about one photo.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Stable, dotted name of a check, for example `pose.roll`. Clients key their own texts on it.
pub type CheckCode = Cow<'static, str>;

#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    Pass,
    /// Too close to the limit, or measured too weakly, to say. Shown as advice, never a reason to refuse.
    Unsure,
    Fail,
}

/// How much a check counts for a card type, from the strictest to the mildest.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// A failure refuses the photo.
    Blocking,
    /// A failure is shown as advice.
    Advisory,
    /// Not run for this card.
    Off,
}

#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    File,
    Face,
    Framing,
    Pose,
    Expression,
    Occlusion,
    Light,
    Background,
    Authenticity,
}

/// Inclusive bounds; an open side is absent.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Limit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
}

impl Limit {
    pub const fn at_least(min: f64) -> Self {
        Self { min: Some(min), max: None }
    }

    pub const fn at_most(max: f64) -> Self {
        Self { min: None, max: Some(max) }
    }

    pub const fn between(min: f64, max: f64) -> Self {
        Self { min: Some(min), max: Some(max) }
    }

    pub fn contains(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }

    /// How far `value` lies outside, zero inside.
    pub fn excess(&self, value: f64) -> f64 {
        let below = self.min.map_or(0.0, |min| (min - value).max(0.0));
        let above = self.max.map_or(0.0, |max| (value - max).max(0.0));
        below.max(above)
    }

    /// Pass inside, fail when more than `band` outside or not a number, unsure between.
    pub fn judge(&self, value: f64, band: f64) -> Verdict {
        if value.is_nan() {
            Verdict::Unsure
        } else if self.contains(value) {
            Verdict::Pass
        } else if self.excess(value) <= band {
            Verdict::Unsure
        } else {
            Verdict::Fail
        }
    }
}

/// A rectangle of the uploaded picture (after EXIF orientation), each number a share of its width or height.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Region {
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "pose.roll"))]
    pub check: CheckCode,
    pub group: Group,
    pub verdict: Verdict,
    pub policy: Policy,
    /// Which of the check's texts applies, for example `too-large` or `too-small`; `default` when it has one.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub reason: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// `px`, `bytes`, `deg`, `share`, `ratio`, `L*`, `C*`, `level`, `count`, `score`; empty for yes-or-no checks.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub unit: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// The standard and clause, or the manual and section, that the limit comes from; `house` for our own default.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub source: Cow<'static, str>,
    /// The OFIQ scalar, 0 to 100, where ISO/IEC 29794-5 publishes a mapping for this measure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ofiq: Option<u8>,
}

impl Finding {
    pub fn refuses(&self) -> bool {
        self.verdict == Verdict::Fail && self.policy == Policy::Blocking
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_inclusive_and_the_band_is_unsure() {
        let limit = Limit::between(193.0, 221.0);
        assert_eq!(limit.judge(193.0, 2.0), Verdict::Pass);
        assert_eq!(limit.judge(221.0, 2.0), Verdict::Pass);
        assert_eq!(limit.judge(222.9, 2.0), Verdict::Unsure);
        assert_eq!(limit.judge(190.9, 2.0), Verdict::Fail);
        assert_eq!(limit.judge(f64::NAN, 2.0), Verdict::Unsure);
    }
}
