//! Eye line to the bottom edge, in the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "framing.eye-line",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "眼睛位置",
    name_en: "Height of the eye line",
    texts: &[
        Text {
            reason: "default",
            zh: "眼睛距下边缘{measured}像素，应不少于{min}像素",
            zh_hint: "请把镜头略微下移，让眼睛处在画面中上部",
            en: "The eyes are {measured} px above the bottom edge and should be at least {min} px",
            en_hint: "Lower the camera so that the eyes lie above the middle of the picture",
        },
    ],
    judge,
};

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let crop = scene.subject()?.crop.as_ref().ok()?;
    let rule = &scene.spec.eyes_from_bottom_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.eyes_from_bottom), "px", rule.limit, 0.5)
            .region(scene.face_region())
            .source(rule.source.clone()),
    )
}
