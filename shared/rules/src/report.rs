//! The result of one inspection: all findings, and the points that a client needs to draw them.

use serde::{Deserialize, Serialize};

use crate::card::Card;
use crate::finding::{Finding, Group, Policy, Verdict};

/// Largest number of reasons that a customer is shown at once.
pub const MAX_REASONS: usize = 3;

/// The result of one inspection.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Version of the engine and its rules. Only reports of the same version can be compared.
    pub engine: String,
    /// The card type that the photo is for.
    #[cfg_attr(feature = "schema", schema(value_type = String, example = "resident-id"))]
    pub card: Card,
    /// `fail` when a blocking check fails, otherwise `pass`.
    pub verdict: Verdict,
    /// One finding per check that applied, in the order of the codes.
    pub findings: Vec<Finding>,
    /// Size of the upload; absent when the file cannot be decoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// Measured points; absent when no face was found.
    pub overlay: Option<Overlay>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    /// The standard photo; absent when none was made.
    pub standard_photo: Option<StandardPhoto>,
}

/// The uploaded picture.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picture {
    /// Width after EXIF orientation.
    pub width_px: u32,
    /// Height after EXIF orientation.
    pub height_px: u32,
    /// Size of the file.
    pub bytes: u64,
    /// Number of faces that are large enough to count.
    pub faces: u32,
}

/// Points measured on the uploaded picture after EXIF orientation, as `[x, y]`. Each number is a share of the picture's
/// width or height. "Left" and "right" are the person's own.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Overlay {
    /// The face detector's box: x, y, width, height.
    pub face: [f64; 4],
    /// Middle of the left eye.
    pub left_eye: [f64; 2],
    /// Middle of the right eye.
    pub right_eye: [f64; 2],
    /// Top of the hair.
    pub crown: [f64; 2],
    /// Lowest point of the chin.
    pub chin: [f64; 2],
    /// Left end of the face width, at the ear root.
    pub left_cheek: [f64; 2],
    /// Right end of the face width, at the ear root.
    pub right_cheek: [f64; 2],
    /// The four corners of the standard photo on the upload, clockwise from the top left; absent when it cannot be cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crop: Option<[[f64; 2]; 4]>,
}

/// The finished standard photo.
#[cfg_attr(feature = "schema", derive(utoipa::ToSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StandardPhoto {
    /// Width.
    pub width_px: u32,
    /// Height.
    pub height_px: u32,
    /// Resolution tag, in dots per inch.
    pub dpi: u16,
    /// Size of the file.
    pub bytes: u64,
    /// The edits to the pixels, in order: `rotated`, `cropped`, `resized`, `background-whitened`, `converted-to-srgb`.
    pub edits: Vec<String>,
}

impl Report {
    /// The verdict of a photo: it fails if a blocking check fails. Unsure findings are advice only.
    pub fn verdict_of(findings: &[Finding]) -> Verdict {
        if findings.iter().any(Finding::refuses) { Verdict::Fail } else { Verdict::Pass }
    }

    /// The blocking failures, the most urgent first, at most [`MAX_REASONS`].
    pub fn reasons(&self) -> Vec<&Finding> {
        let mut reasons: Vec<&Finding> = self.findings.iter().filter(|finding| finding.refuses()).collect();
        reasons.sort_by_key(|finding| urgency(finding.group));
        reasons.truncate(MAX_REASONS);
        reasons
    }

    /// The findings that did not pass and do not refuse the photo.
    pub fn advice(&self) -> Vec<&Finding> {
        self.findings
            .iter()
            .filter(|finding| finding.policy != Policy::Off && finding.verdict != Verdict::Pass && !finding.refuses())
            .collect()
    }
}

/// Order of the reasons: problems of the file and a missing face come before everything that is judged on a face.
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
