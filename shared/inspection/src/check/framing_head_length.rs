//! Distance from crown to chin in the standard photo. Only the driving licence limits it.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `framing.head-length`.
pub static CHECK: Check = Check {
    code: "framing.head-length",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "头部长度",
    name_en: "Length of the head",
    texts: &[
        Text {
            reason: "too-short",
            zh: "头部（头顶到下巴）太短：{measured}像素，应为{min}–{max}像素",
            zh_hint: "请抬正头部、平视镜头；自己裁剪的相片请让头部再大一些",
            en: "The head (top to chin) is too short: {measured} px, it should be {min} to {max} px",
            en_hint: "Hold your head level and look straight ahead; if you cropped the photo yourself, make the head larger",
        },
        Text {
            reason: "too-long",
            zh: "头部（头顶到下巴）太长：{measured}像素，应为{min}–{max}像素",
            zh_hint: "请压平蓬高的头发、平视镜头；自己裁剪的相片请让头部再小一些",
            en: "The head (top to chin) is too long: {measured} px, it should be {min} to {max} px",
            en_hint: "Flatten high hair and look straight ahead; if you cropped the photo yourself, make the head smaller",
        },
    ],
    judge,
};

/// Unsure band. Heads differ in proportion, and the top of the hair depends on the style.
const PROPORTION_PX: f64 = 24.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let crop = context.subject()?.crop.as_ref().ok()?;
    let rule = context.spec.head_length_px.as_ref()?;
    Some(
        Judgement::measured(f64::from(crop.geometry.head_length), "px", rule.limit, PROPORTION_PX)
            .sides("too-short", "too-long")
            .region(context.face_region())
            .source(rule.source.clone()),
    )
}
