//! Skin colour within the natural range.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `colour.skin`.
pub static CHECK: Check = Check {
    code: "colour.skin",
    group: Group::Light,
    policy: Policy::Advisory,
    name_zh: "肤色自然",
    name_en: "Natural skin colour",
    texts: &[Text {
        reason: "default",
        zh: "肤色不自然，相片偏色（偏差{measured}）",
        zh_hint: "请在白天自然光下拍摄，关闭滤镜和发黄或彩色的灯",
        en: "The skin has an unnatural colour (off by {measured})",
        en_hint: "Use daylight; turn filters and yellowish or coloured lamps off",
    }],
    judge,
};

/// Distance of the cheeks' mean colour to the natural range: a* 5 to 25, b* 5 to 35.
const LIMIT: Limit = Limit::at_most(6.0);
const BAND: f64 = 6.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let cheeks = context.subject()?.light.cheeks;
    let beyond = |value: f32, low: f32, high: f32| (low - value).max(value - high).max(0.0);
    let distance = f64::from(beyond(cheeks.a, 5.0, 25.0).hypot(beyond(cheeks.b, 5.0, 35.0)));
    Some(
        Judgement::measured(distance, "C*", LIMIT, BAND)
            .region(context.face_region())
            .source("ISO/IEC 29794-5, NaturalColour")
            .ofiq(ofiq::natural_colour(distance)),
    )
}
