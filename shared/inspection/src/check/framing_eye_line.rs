//! Distance from the eye line to the bottom edge of the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `framing.eye-line`.
pub static CHECK: Check = Check {
    code: "framing.eye-line",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "眼睛位置",
    name_en: "Height of the eye line",
    texts: &[Text {
        reason: "default",
        zh: "眼睛在画面中偏低：距下边缘{measured}像素，应不少于{min}像素",
        zh_hint: "请裁掉头顶上方的多余部分、多拍一些胸口，或改选“轻松上传”由系统裁剪",
        en: "The eyes are too low in the picture: {measured} px above the bottom edge, at least {min} px are needed",
        en_hint: "Crop spare room above the head and show more of the chest, or choose Easy upload, which crops for you",
    }],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let crop = context.subject()?.crop.as_ref().ok()?;
    let rule = &context.spec.eyes_from_bottom_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.eyes_from_bottom), "px", rule.limit, 0.5)
            .region(context.face_region())
            .source(rule.source.clone()),
    )
}
