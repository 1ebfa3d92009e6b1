//! Motion blur of the camera or the head: fine detail is missing in one direction.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `image.motion`.
pub static CHECK: Check = Check {
    code: "image.motion",
    group: Group::Light,
    policy: Policy::Blocking,
    name_zh: "无拖影",
    name_en: "No motion blur",
    texts: &[Text {
        reason: "default",
        zh: "相片因抖动有拖影，轮廓模糊",
        zh_hint: "请拿稳手机或靠住桌沿，人也不要动，在明亮处重拍",
        en: "The photo is blurred by movement",
        en_hint: "Hold the phone steady or rest it on something, keep still yourself and take the photo in good light",
    }],
    judge,
};

/// See [`crate::measure::detail`]: at least 0.2 for portraits, below 0.16 with motion blur over ten pixels of a face
/// 330 px wide.
const LIMIT: Limit = Limit::at_least(0.19);
const BAND: f64 = 0.04;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let evenness = f64::from(context.subject()?.detail.evenness);
    Some(
        Judgement::measured(evenness, "ratio", LIMIT, BAND)
            .region(context.face_region())
            .source("GA 461-2004: clear picture; limit: calibrated"),
    )
}
