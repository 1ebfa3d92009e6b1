//! Both halves of the face are lit equally (not 阴阳脸): difference in lightness between the cheeks.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `light.uneven`.
pub static CHECK: Check = Check {
    code: "light.uneven",
    group: Group::Light,
    policy: Policy::Blocking,
    name_zh: "光线均匀",
    name_en: "Even light",
    texts: &[Text {
        reason: "default",
        zh: "脸部光线不均（阴阳脸）：左右亮度相差{measured}，应不高于{max}",
        zh_hint: "请正对明亮的窗户（避开直射阳光），或在较暗的一侧放张白纸反光",
        en: "One half of the face is darker: lightness differs by {measured}, at most {max} is allowed",
        en_hint: "Face a bright window (not direct sun), or hold white paper on the darker side to reflect light",
    }],
    judge,
};

/// Difference of mean L* between the right and left cheek; calibrated on the zones of ISO/IEC 39794-5.
const LIMIT: Limit = Limit::at_most(12.0);
const BAND: f64 = 6.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let light = &context.subject()?.light;
    Some(
        Judgement::measured(f64::from(light.side_difference.abs()), "L*", LIMIT, BAND)
            .region(context.face_region())
            .source("ISO/IEC 39794-5, D.1.4.2.7 zones; limit: calibrated"),
    )
}
