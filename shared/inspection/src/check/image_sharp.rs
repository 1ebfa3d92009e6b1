//! The face is in focus at the size at which it is printed.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `image.sharp`.
pub static CHECK: Check = Check {
    code: "image.sharp",
    group: Group::Light,
    policy: Policy::Blocking,
    name_zh: "清晰度",
    name_en: "Sharpness",
    texts: &[Text {
        reason: "default",
        zh: "相片模糊（清晰度{measured}，应不低于{min}）",
        zh_hint: "请擦净镜头，点屏幕上的脸部对焦，在明亮处拿稳重拍；不要用截图或放大的图",
        en: "The photo is blurred (sharpness {measured}, at least {min} is needed)",
        en_hint: "Wipe the lens, tap the face to focus and hold still in good light; no screenshots or enlarged pictures",
    }],
    judge,
};

/// See [`crate::measure::detail`]: at least 0.9 for portraits in focus, 0.64 when edges are blurred over three pixels
/// of a face 330 px wide.
const LIMIT: Limit = Limit::at_least(0.82);
const BAND: f64 = 0.14;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let detail = f64::from(context.subject()?.detail.fine);
    Some(
        Judgement::measured(detail, "score", LIMIT, BAND)
            .region(context.face_region())
            .source("GA 461-2004: clear picture; limit: calibrated"),
    )
}
