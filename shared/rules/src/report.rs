//! All findings of one inspection, and the numbers a client needs to draw them.

use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::finding::{Finding, Group, Policy, Verdict};

/// At most this many reasons are shown to a person at once, the most actionable first.
pub const MAX_REASONS: usize = 3;

#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Version of the engine and its rules: two reports compare only within one.
    pub engine: String,
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "resident-id"))]
    pub card: Card,
    pub verdict: Verdict,
    pub findings: Vec<Finding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overlay: Option<Overlay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard_photo: Option<StandardPhoto>,
}

#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// After EXIF orientation.
    pub width_px: u32,
    pub height_px: u32,
    pub bytes: u64,
    pub faces: u32,
}

/// Points and lines measured on the uploaded picture, each number a share of its width or height.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Overlay {
    /// x, y, w, h of the detector's box.
    pub face: [f64; 4],
    pub left_eye: [f64; 2],
    pub right_eye: [f64; 2],
    pub crown: [f64; 2],
    pub chin: [f64; 2],
    pub left_cheek: [f64; 2],
    pub right_cheek: [f64; 2],
    /// The four corners of the standard photo on the upload, clockwise from the top left, where one could be laid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crop: Option<[[f64; 2]; 4]>,
}

#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandardPhoto {
    pub width_px: u32,
    pub height_px: u32,
    pub dpi: u16,
    pub bytes: u64,
    /// What was done to the pixels, in order: `rotated`, `cropped`, `resized`, `background-whitened`, `converted-to-srgb`.
    pub edits: Vec<String>,
}

impl Report {
    /// A photo fails if one blocking check fails; unsure findings are advice.
    pub fn verdict_of(findings: &[Finding]) -> Verdict {
        if findings.iter().any(Finding::refuses) { Verdict::Fail } else { Verdict::Pass }
    }

    /// The blocking failures in the order a person should act on them.
    pub fn reasons(&self) -> Vec<&Finding> {
        let mut reasons: Vec<&Finding> = self.findings.iter().filter(|finding| finding.refuses()).collect();
        reasons.sort_by_key(|finding| urgency(finding.group));
        reasons.truncate(MAX_REASONS);
        reasons
    }

    /// Everything worth a glance that does not refuse the photo.
    pub fn advice(&self) -> Vec<&Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.policy != Policy::Off && finding.verdict != Verdict::Pass && !finding.refuses())
            .collect()
    }
}

/// A file that cannot be used and a face that is not there come before anything that can only be judged on a face.
const fn urgency(group: Group) -> u8 {
    match group {
        Group::File => 0,
        Group::Face => 1,
        Group::Occlusion => 2,
        Group::Pose => 3,
        Group::Expression => 4,
        Group::Framing => 5,
        Group::Light => 6,
        Group::Background => 7,
        Group::Authenticity => 8,
    }
}
