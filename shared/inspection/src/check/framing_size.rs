//! The standard photo is never enlarged: the face on the upload must be at least as wide as the card requires.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::render::crop;

/// The check `framing.size`.
pub static CHECK: Check = Check {
    code: "framing.size",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "人像大小",
    name_en: "Size of the face on the upload",
    texts: &[Text {
        reason: "default",
        zh: "人像过小：面部宽度约{measured}像素，至少需要{min}像素",
        zh_hint: "请用后置镜头拍近一些（可放大到2倍），或上传未经缩小的原图",
        en: "The face is too small: about {measured} px wide, at least {min} px are needed",
        en_hint: "Use the back camera closer up (2x zoom is fine), or upload the original instead of a reduced copy",
    }],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let width = f64::from(crop::width(&subject.head, context.spec) / context.scale());
    let rule = &context.spec.face_width_px;
    let limit = Limit { max: None, ..rule.limit };
    Some(Judgement::measured(width, "px", limit, 0.0).region(context.face_region()).source(rule.source.clone()))
}
