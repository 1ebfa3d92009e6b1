//! The picture shows exactly one face.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `face.single`.
pub static CHECK: Check = Check {
    code: "face.single",
    group: Group::Face,
    policy: Policy::Blocking,
    name_zh: "只有一人",
    name_en: "One person only",
    texts: &[Text {
        reason: "default",
        zh: "相片中检测到{measured}张人脸，只允许一人",
        zh_hint: "请独自拍摄，并确认背景中没有其他人或人像",
        en: "{measured} faces were found, only one is allowed",
        en_hint: "Take the photo alone, with no other person or portrait in the background",
    }],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let view = context.view.as_ref()?;
    view.subject.as_ref()?;
    let faces = view.prominent().count();
    let other = view.prominent().nth(1).map(|face| view.region_of(face.bounds));
    Some(
        Judgement::measured(faces as f64, "count", Limit::at_most(1.0), 0.0)
            .region(other)
            .source("GA 461-2004; ISO/IEC 29794-5, SingleFacePresent"),
    )
}
