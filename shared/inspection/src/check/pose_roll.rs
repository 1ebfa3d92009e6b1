//! Tilt of the line through the eyes. The standard photo straightens a tilt within the limit.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `pose.roll`.
pub static CHECK: Check = Check {
    code: "pose.roll",
    group: Group::Pose,
    policy: Policy::Blocking,
    name_zh: "头部端正",
    name_en: "Head upright",
    texts: &[
        Text {
            reason: "left",
            zh: "头像不正：头部向左倾斜{measured}度（以画面为准），应在{max}度以内",
            zh_hint: "请把头摆正、手机拿正，让双眼在同一水平线上；相片横放的请先转正",
            en: "The head leans {measured} degrees to the left of the picture; at most {max} are allowed",
            en_hint: "Hold your head upright and the phone straight, both eyes on one level line; turn a sideways photo first",
        },
        Text {
            reason: "right",
            zh: "头像不正：头部向右倾斜{measured}度（以画面为准），应在{max}度以内",
            zh_hint: "请把头摆正、手机拿正，让双眼在同一水平线上；相片横放的请先转正",
            en: "The head leans {measured} degrees to the right of the picture; at most {max} are allowed",
            en_hint: "Hold your head upright and the phone straight, both eyes on one level line; turn a sideways photo first",
        },
    ],
    judge,
};

/// Degrees in both directions that pass, and the unsure band beyond them.
const LIMIT: Limit = Limit::between(-8.0, 8.0);
const BAND: f64 = 2.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let angle = f64::from(context.subject()?.head.roll_deg);
    Some(
        Judgement::measured(angle, "deg", LIMIT, BAND)
            .sides("left", "right")
            .region(context.face_region())
            .source("ISO/IEC 19794-5, 7.2.2: roll at most 8 degrees")
            .ofiq(ofiq::pose(angle)),
    )
}
