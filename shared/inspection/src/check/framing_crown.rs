//! Top of the hair to the top edge, in the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "framing.crown",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "头顶距离",
    name_en: "Crown to the top edge",
    texts: &[
        Text {
            reason: "too-close",
            zh: "头顶距上边缘{measured}像素，应为{min}–{max}像素，过近",
            zh_hint: "请在头顶上方多留一些空间；头发蓬高时请压平",
            en: "The crown is {measured} px from the top edge and should be {min} to {max} px: too close",
            en_hint: "Leave more room above the head; flatten high hair",
        },
        Text {
            reason: "too-far",
            zh: "头顶距上边缘{measured}像素，应为{min}–{max}像素，过远",
            zh_hint: "请把镜头略微下移或靠近一点",
            en: "The crown is {measured} px from the top edge and should be {min} to {max} px: too far",
            en_hint: "Lower the camera a little or move closer",
        },
    ],
    judge,
};

/// Tall hair may be cut (GA 461: the eye line goes first); a little too much room is no reason to refuse either.
const HAIR_PX: f64 = 14.0;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let crop = scene.subject()?.crop.as_ref().ok()?;
    let rule = &scene.spec.crown_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.crown), "px", rule.limit, HAIR_PX)
            .sides("too-close", "too-far")
            .region(scene.face_region())
            .source(rule.source.clone()),
    )
}
