//! The eyes look into the camera: position of the irises between the corners of the eyes.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::head::Head;
use crate::inspection_context::InspectionContext;
use crate::landmark;

/// The check `eyes.gaze`.
pub static CHECK: Check = Check {
    code: "eyes.gaze",
    group: Group::Expression,
    policy: Policy::Advisory,
    name_zh: "目视镜头",
    name_en: "Looking at the camera",
    texts: &[Text {
        reason: "default",
        zh: "眼睛没有看向镜头",
        zh_hint: "请看手机的摄像头，不要看屏幕，重新拍摄",
        en: "The eyes do not look into the camera",
        en_hint: "Look at the camera of the phone, not at its screen, and take the photo again",
    }],
    judge,
};

/// Sideways offset of the irises divided by the eye width, mean of both eyes; BioGaze allows 0.15.
const LIMIT: Limit = Limit::at_most(0.12);
const BAND: f64 = 0.06;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let head = &context.subject()?.head;
    let offsets: Vec<f32> = [0, 1].into_iter().filter_map(|side| offset(head, side)).collect();
    if offsets.len() < 2 {
        return None;
    }
    let mean = f64::from((offsets[0] + offsets[1]) / 2.0).abs();
    Some(
        Judgement::measured(mean, "ratio", LIMIT, BAND)
            .region(context.eyes_region())
            .source("social security card photo requirements: level gaze; limit after BioGaze"),
    )
}

/// Offset of the iris centre from the middle of the corners, along the eye, divided by the eye width. Positive towards
/// the right of the picture.
fn offset(head: &Head, side: usize) -> Option<f32> {
    let eye = head.mesh.eyes[side].as_ref()?;
    let [outer, inner] = landmark::EYE_CORNERS[side].map(|index| landmark::at(&head.mesh, index));
    let (left, right) = if side == 0 { (outer, inner) } else { (inner, outer) };
    let along = [right[0] - left[0], right[1] - left[1]];
    let width = along[0].hypot(along[1]).max(1.0);
    let from_middle = [eye.iris[0][0] - (left[0] + right[0]) / 2.0, eye.iris[0][1] - (left[1] + right[1]) / 2.0];
    Some((from_middle[0] * along[0] + from_middle[1] * along[1]) / (width * width))
}
