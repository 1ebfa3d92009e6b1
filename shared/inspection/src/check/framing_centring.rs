//! Distance from the middle of the eyes to the left edge of the standard photo.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `framing.centring`.
pub static CHECK: Check = Check {
    code: "framing.centring",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "左右居中",
    name_en: "Centring",
    texts: &[
        Text {
            reason: "too-left",
            zh: "脸偏向画面左侧：双眼正中距左边{measured}像素，应为{min}–{max}像素",
            zh_hint: "请让脸在画面正中，或改选“轻松上传”由系统裁剪",
            en: "The face is too far to the left: the middle of the eyes is {measured} px from the left edge, it should be {min} to {max} px",
            en_hint: "Put the face in the middle of the picture, or choose Easy upload, which crops for you",
        },
        Text {
            reason: "too-right",
            zh: "脸偏向画面右侧：双眼正中距左边{measured}像素，应为{min}–{max}像素",
            zh_hint: "请让脸在画面正中，或改选“轻松上传”由系统裁剪",
            en: "The face is too far to the right: the middle of the eyes is {measured} px from the left edge, it should be {min} to {max} px",
            en_hint: "Put the face in the middle of the picture, or choose Easy upload, which crops for you",
        },
    ],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let crop = context.subject()?.crop.as_ref().ok()?;
    let rule = &context.spec.eye_middle_px;
    Some(
        Judgement::measured(f64::from(crop.geometry.eye_middle), "px", rule.limit, 0.5)
            .sides("too-left", "too-right")
            .region(context.face_region())
            .source(rule.source.clone()),
    )
}
