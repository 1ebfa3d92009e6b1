//! Distance from the top of the hair to the top edge of the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `framing.crown`.
pub static CHECK: Check = Check {
    code: "framing.crown",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "头顶距离",
    name_en: "Crown to the top edge",
    texts: &[
        Text {
            reason: "too-close",
            zh: "头顶离上边缘太近：{measured}像素，应为{min}–{max}像素",
            zh_hint: "请压平或扎低头发；自己裁剪的相片请在头顶上方多留空间",
            en: "The top of the head is too close to the top edge: {measured} px, it should be {min} to {max} px",
            en_hint: "Flatten or tie down high hair; if you cropped the photo yourself, leave more room above the head",
        },
        Text {
            reason: "too-far",
            zh: "头顶离上边缘太远：{measured}像素，应为{min}–{max}像素",
            zh_hint: "请裁掉头顶上方的多余部分，或改选“轻松上传”由系统裁剪",
            en: "The top of the head is too far from the top edge: {measured} px, it should be {min} to {max} px",
            en_hint: "Crop away the spare room above the head, or choose Easy upload, which crops for you",
        },
    ],
    judge,
};

/// Unsure band. Tall hair may be cut (GA 461 gives the eye line priority), and slightly too much room does not refuse a
/// photo.
const HAIR_PX: f64 = 14.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let crop = context.subject()?.crop.as_ref().ok()?;
    let rule = &context.spec.crown_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.crown), "px", rule.limit, HAIR_PX)
            .sides("too-close", "too-far")
            .region(context.face_region())
            .source(rule.source.clone()),
    )
}
