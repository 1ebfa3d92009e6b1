//! The result of one check on one photo.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Stable, dotted name of a check, for example `pose.roll`. Clients look up their own texts by it.
pub type CheckCode = Cow<'static, str>;

/// The result of a check.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Within the limit.
    Pass,
    /// Too close to the limit, or measured too imprecisely, to decide. Shown as advice; never refuses a photo.
    Unsure,
    /// Outside the limit.
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

/// What a check is about.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Group {
    /// Format, size and compression of the file.
    File,
    /// Number and size of the faces.
    Face,
    /// Position and size of the head in the standard photo.
    Framing,
    /// Rotation of the head.
    Pose,
    /// Eyes and mouth.
    Expression,
    /// Covered parts of the face.
    Occlusion,
    /// Exposure, sharpness and noise.
    Light,
    /// Colour and evenness of the background.
    Background,
    /// Signs of retouching.
    Authenticity,
}

/// Inclusive bounds of a measured value, in the unit of the finding. A side without a bound is absent.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Limit {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// Smallest value that passes.
    pub min: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// Largest value that passes.
    pub max: Option<f64>,
}

impl Limit {
    /// A lower bound only.
    pub const fn at_least(min: f64) -> Self {
        Self { min: Some(min), max: None }
    }

    /// An upper bound only.
    pub const fn at_most(max: f64) -> Self {
        Self { min: None, max: Some(max) }
    }

    /// Both bounds.
    pub const fn between(min: f64, max: f64) -> Self {
        Self { min: Some(min), max: Some(max) }
    }

    /// Whether `value` is within the bounds.
    pub fn contains(&self, value: f64) -> bool {
        self.min.is_none_or(|min| value >= min) && self.max.is_none_or(|max| value <= max)
    }

    /// Distance of `value` to the nearer bound when it is outside; zero inside.
    pub fn excess(&self, value: f64) -> f64 {
        let below = self.min.map_or(0.0, |min| (min - value).max(0.0));
        let above = self.max.map_or(0.0, |max| (value - max).max(0.0));
        below.max(above)
    }

    /// Pass inside, unsure up to `band` outside, fail beyond that. A value that is not a number is unsure.
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

/// A rectangle of the uploaded picture after EXIF orientation. Each number is a share of the picture's width or height,
/// 0 to 1.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Region {
    /// Left edge.
    pub x: f64,
    /// Top edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

/// The result of one check on one photo.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The code of the check.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "pose.roll"))]
    pub check: CheckCode,
    /// What the check is about.
    pub group: Group,
    /// Pass, unsure or fail.
    pub verdict: Verdict,
    /// How much the check counts in this inspection.
    pub policy: Policy,
    /// Which of the check's texts applies, for example `too-large` or `too-small`; `default` when the check has one.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub reason: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// The measured value, in `unit`.
    pub measured: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// The limit of the measured value, in `unit`.
    pub limit: Option<Limit>,
    /// `px`, `bytes`, `deg`, `share`, `ratio`, `bits`, `L*`, `C*`, `level`, `count` or `score`; empty for checks
    /// without a measured value.
    #[serde(default, skip_serializing_if = "str::is_empty")]
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub unit: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// The part of the picture that the finding is about.
    pub region: Option<Region>,
    /// The standard and clause, or the manual and section, that the limit comes from; `calibrated` for a limit that no
    /// standard gives and that was chosen for this product.
    #[cfg_attr(feature = "schema", schema(value_type = String))]
    pub source: Cow<'static, str>,
    /// The OFIQ scalar, 0 to 100, where OFIQ publishes a mapping for this measure (ISO/IEC 29794-5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ofiq: Option<u8>,
}

impl Finding {
    /// Whether the finding refuses the photo: a failed, blocking check.
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
