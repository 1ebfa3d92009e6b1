//! Width of the face from ear root to ear root, in the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `framing.face-width`.
pub static CHECK: Check = Check {
    code: "framing.face-width",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "面部宽度",
    name_en: "Width of the face",
    texts: &[
        Text {
            reason: "too-small",
            zh: "脸在画面中太小：宽{measured}像素，应为{min}–{max}像素",
            zh_hint: "请裁掉四周的多余画面，或改选“轻松上传”由系统裁剪",
            en: "The face is {measured} px wide and should be {min} to {max} px: too small",
            en_hint: "Crop the spare surroundings, or choose Easy upload, which crops for you",
        },
        Text {
            reason: "too-large",
            zh: "脸在画面中太大：宽{measured}像素，应为{min}–{max}像素",
            zh_hint: "请把手机拿远一点（人不要退到墙边），裁剪时四周多留一些",
            en: "The face is {measured} px wide and should be {min} to {max} px: too large",
            en_hint: "Hold the phone further away (do not back into the wall) and crop less tightly",
        },
    ],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let crop = context.subject()?.crop.as_ref().ok()?;
    let rule = &context.spec.face_width_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.face_width), "px", rule.limit, 0.5)
            .sides("too-small", "too-large")
            .region(context.face_region())
            .source(rule.source.clone()),
    )
}
