//! Cheek to cheek at the ear root, in the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "framing.face-width",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "面部宽度",
    name_en: "Width of the face",
    texts: &[
        Text {
            reason: "too-small",
            zh: "面部宽度{measured}像素，应为{min}–{max}像素，头部过小",
            zh_hint: "请离镜头近一点",
            en: "The face is {measured} px wide and should be {min} to {max} px: too small",
            en_hint: "Move closer to the camera",
        },
        Text {
            reason: "too-large",
            zh: "面部宽度{measured}像素，应为{min}–{max}像素，头部过大",
            zh_hint: "请离镜头远一点",
            en: "The face is {measured} px wide and should be {min} to {max} px: too large",
            en_hint: "Move away from the camera",
        },
    ],
    judge,
};

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let crop = scene.subject()?.crop.as_ref().ok()?;
    let rule = &scene.spec.face_width_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.face_width), "px", rule.limit, 0.5)
            .sides("too-small", "too-large")
            .region(scene.face_region())
            .source(rule.source.clone()),
    )
}
