//! Range of grey levels of the face: pictures with low contrast use few levels.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `light.contrast`.
pub static CHECK: Check = Check {
    code: "light.contrast",
    group: Group::Light,
    policy: Policy::Advisory,
    name_zh: "层次丰富",
    name_en: "Range of tones",
    texts: &[Text {
        reason: "default",
        zh: "脸部发灰、明暗差别太小（层次{measured}，应不低于{min}）",
        zh_hint: "请擦净镜头、关闭滤镜，在明亮柔和的光线下拍摄",
        en: "The face looks flat and grey (tones {measured}, at least {min})",
        en_hint: "Wipe the lens, use no filter and take the photo in bright, soft light",
    }],
    judge,
};

/// Entropy of the luminance histogram in bits; OFIQ's own samples lie between 5.6 and 7.6.
const LIMIT: Limit = Limit::at_least(5.0);
const BAND: f64 = 0.7;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let bits = f64::from(context.subject()?.light.entropy);
    Some(
        Judgement::measured(bits, "bits", LIMIT, BAND)
            .region(context.face_region())
            .source("ISO/IEC 29794-5, DynamicRange; GA 461-2004: rich gradation")
            .ofiq(ofiq::dynamic_range(bits)),
    )
}
