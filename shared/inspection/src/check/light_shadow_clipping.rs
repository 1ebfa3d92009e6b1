//! Clipped shadows: parts of the face that are too dark to show detail.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `light.drowned`.
pub static CHECK: Check = Check {
    code: "light.drowned",
    group: Group::Light,
    policy: Policy::Advisory,
    name_zh: "暗部细节",
    name_en: "Detail in shadows",
    texts: &[Text {
        reason: "default",
        zh: "脸部有大片太暗（约{measured}的面积看不清）",
        zh_hint: "请面向窗户或柔和的灯光，不要背对光；别让头发在脸上投下影子",
        en: "Large parts of the face are too dark (about {measured} cannot be made out)",
        en_hint: "Face a window or a soft lamp, not away from the light; keep hair from shading the face",
    }],
    judge,
};

/// Share of the facial skin at luminance 25 of 255 or less.
const LIMIT: Limit = Limit::at_most(0.45);
const BAND: f64 = 0.2;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let share = f64::from(context.subject()?.light.shadow_clipped);
    Some(
        Judgement::measured(share, "share", LIMIT, BAND)
            .region(context.face_region())
            .source("ISO/IEC 29794-5, UnderExposurePrevention; limit: calibrated")
            .ofiq(ofiq::under_exposure(share)),
    )
}
