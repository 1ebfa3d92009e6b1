//! Middle of the eyes to the left edge, in the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "framing.centring",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "左右居中",
    name_en: "Centring",
    texts: &[
        Text {
            reason: "too-left",
            zh: "人像偏左：双眼中点在{measured}像素处，应在{min}–{max}像素之间",
            zh_hint: "请把头像移到画面正中",
            en: "The face is too far left: the eyes' middle is at {measured} px and should be at {min} to {max} px",
            en_hint: "Move to the middle of the picture",
        },
        Text {
            reason: "too-right",
            zh: "人像偏右：双眼中点在{measured}像素处，应在{min}–{max}像素之间",
            zh_hint: "请把头像移到画面正中",
            en: "The face is too far right: the eyes' middle is at {measured} px and should be at {min} to {max} px",
            en_hint: "Move to the middle of the picture",
        },
    ],
    judge,
};

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let crop = scene.subject()?.crop.as_ref().ok()?;
    let rule = &scene.spec.eye_middle_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.eye_middle), "px", rule.limit, 0.5)
            .sides("too-left", "too-right")
            .region(scene.face_region())
            .source(rule.source.clone()),
    )
}
