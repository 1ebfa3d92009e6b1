//! A neutral expression: the width of the mouth relative to the distance between the eyes.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::landmark;
use crate::locate::geometry::distance;

/// The check `expression.neutral`.
pub static CHECK: Check = Check {
    code: "expression.neutral",
    group: Group::Expression,
    policy: Policy::Advisory,
    name_zh: "表情自然",
    name_en: "Neutral expression",
    texts: &[Text {
        reason: "default",
        zh: "表情可能不够平静（如在微笑）",
        zh_hint: "请不要笑，放松嘴角，自然闭上嘴",
        en: "The expression may not be calm (a smile, for example)",
        en_hint: "Do not smile; relax the corners of your mouth and close it naturally",
    }],
    judge,
};

/// Width of the mouth divided by the distance between the eyes: 0.75 relaxed, at least 0.95 in a broad
/// smile; calibrated.
const LIMIT: Limit = Limit::at_most(0.92);
const BAND: f64 = 0.1;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let head = &context.subject()?.head;
    let corners = [landmark::MOUTH_CORNERS[0], landmark::MOUTH_CORNERS[1]].map(|index| landmark::at(&head.mesh, index));
    let ratio = f64::from(distance(corners[0], corners[1]) / head.between_eyes().max(1.0));
    Some(
        Judgement::measured(ratio, "ratio", LIMIT, BAND)
            .region(context.mouth_region())
            .source("social security card photo requirements: neutral expression; limit: calibrated"),
    )
}
