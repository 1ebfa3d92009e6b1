//! Rotation of the head up or down, from the depth of the line between forehead and chin.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `pose.pitch`.
pub static CHECK: Check = Check {
    code: "pose.pitch",
    group: Group::Pose,
    policy: Policy::Blocking,
    name_zh: "平视镜头",
    name_en: "Head level",
    texts: &[
        Text {
            reason: "down",
            zh: "低头约{measured}度，没有平视镜头",
            zh_hint: "请把手机举到与眼睛同高，下巴稍抬，平视镜头",
            en: "The head is tilted down by about {measured} degrees",
            en_hint: "Hold the phone at eye height, lift your chin a little and look straight into it",
        },
        Text {
            reason: "up",
            zh: "仰头约{measured}度，没有平视镜头",
            zh_hint: "请把手机放到与眼睛同高，下巴略收，平视镜头",
            en: "The head is tilted back by about {measured} degrees",
            en_hint: "Hold the phone at eye height, lower your chin a little and look straight into it",
        },
    ],
    judge,
};

/// Degrees that pass, and the unsure band beyond them. The estimate is about half of the real angle.
const LIMIT: Limit = Limit::between(-13.0, 10.0);
const BAND: f64 = 5.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let angle = f64::from(context.subject()?.head.pitch_deg);
    Some(
        Judgement::measured(angle, "deg", LIMIT, BAND)
            .sides("down", "up")
            .region(context.face_region())
            .source("ISO/IEC 19794-5, 7.2.2 (pitch at most 5 degrees), widened by the error of the estimate")
            .ofiq(ofiq::pose(angle)),
    )
}
