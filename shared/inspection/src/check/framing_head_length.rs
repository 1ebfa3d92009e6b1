//! Crown to chin, in the standard photo; only the driving licence limits it.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "framing.head-length",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "头部长度",
    name_en: "Length of the head",
    texts: &[
        Text {
            reason: "too-short",
            zh: "头部长度{measured}像素，应为{min}–{max}像素，过小",
            zh_hint: "请离镜头近一点",
            en: "The head is {measured} px long and should be {min} to {max} px: too short",
            en_hint: "Move closer to the camera",
        },
        Text {
            reason: "too-long",
            zh: "头部长度{measured}像素，应为{min}–{max}像素，过大",
            zh_hint: "请离镜头远一点；头发蓬高时请压平",
            en: "The head is {measured} px long and should be {min} to {max} px: too long",
            en_hint: "Move away from the camera; flatten high hair",
        },
    ],
    judge,
};

/// Heads differ in proportion, and where hair ends is a matter of style: this far off is no reason to refuse.
const PROPORTION_PX: f64 = 24.0;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let crop = scene.subject()?.crop.as_ref().ok()?;
    let rule = scene.spec.head_length_px.as_ref()?;
    Some(
        Judgement::measured(f64::from(crop.geometry.head_length), "px", rule.limit, PROPORTION_PX)
            .sides("too-short", "too-long")
            .region(scene.face_region())
            .source(rule.source.clone()),
    )
}
