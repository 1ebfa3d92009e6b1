//! The face is not overexposed: share of saturated skin.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `light.bright`.
pub static CHECK: Check = Check {
    code: "light.bright",
    group: Group::Light,
    policy: Policy::Blocking,
    name_zh: "曝光适度",
    name_en: "Not overexposed",
    texts: &[Text {
        reason: "default",
        zh: "脸部过亮发白（发白面积{measured}，应不高于{max}）",
        zh_hint: "请避开直射强光、关闭闪光灯；拍摄时点一下脸部，把亮度调低",
        en: "The face is too bright and washed out (white area {measured}, at most {max})",
        en_hint: "Avoid direct strong light, turn the flash off, tap the face and slide the brightness down",
    }],
    judge,
};

/// Share of the facial skin at luminance 247 of 255 or more; calibrated.
const LIMIT: Limit = Limit::at_most(0.05);
const BAND: f64 = 0.07;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let light = &context.subject()?.light;
    Some(
        Judgement::measured(f64::from(light.saturated), "share", LIMIT, BAND)
            .region(context.face_region())
            .source("ISO/IEC 29794-5, OverExposurePrevention; limit: calibrated")
            .ofiq(ofiq::over_exposure(f64::from(light.saturated))),
    )
}
