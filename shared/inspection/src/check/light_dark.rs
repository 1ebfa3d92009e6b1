//! The face is bright enough: mean luminance of the facial skin.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `light.dark`.
pub static CHECK: Check = Check {
    code: "light.dark",
    group: Group::Light,
    policy: Policy::Blocking,
    name_zh: "光线充足",
    name_en: "Enough light",
    texts: &[Text {
        reason: "default",
        zh: "脸部过暗：亮度{measured}，应不低于{min}",
        zh_hint: "请面向窗户或柔和的灯光，不要背对窗户或灯",
        en: "The face is too dark: brightness {measured}, at least {min} is needed",
        en_hint: "Face a window or a soft lamp; do not have it behind you",
    }],
    judge,
};

/// Mean relative luminance of the skin in a picture that is dark as a whole.
const LIMIT: Limit = Limit::at_least(0.14);
const BAND: f64 = 0.05;
/// In a picture that is bright elsewhere the exposure is correct, and a dark face can be dark skin: only a face without
/// any detail is refused.
const BRIGHT: f32 = 0.5;
const LIMIT_IF_BRIGHT: Limit = Limit::at_least(0.09);
const BAND_IF_BRIGHT: f64 = 0.05;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let light = &context.subject()?.light;
    let (limit, band) = if light.highlight >= BRIGHT { (LIMIT_IF_BRIGHT, BAND_IF_BRIGHT) } else { (LIMIT, BAND) };
    Some(
        Judgement::measured(f64::from(light.luminance), "share", limit, band)
            .region(context.face_region())
            .source("ISO/IEC 29794-5, LuminanceMean; limit: calibrated")
            .ofiq(ofiq::luminance_mean(f64::from(light.luminance))),
    )
}
