//! Rotation of the head to the side, from the depth of mirrored landmarks.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `pose.yaw`.
pub static CHECK: Check = Check {
    code: "pose.yaw",
    group: Group::Pose,
    policy: Policy::Blocking,
    name_zh: "正面朝向",
    name_en: "Facing the camera",
    texts: &[
        Text {
            reason: "right",
            zh: "脸转向画面左侧约{measured}度，没有正对镜头",
            zh_hint: "请让鼻尖正对镜头，两只耳朵露出一样多",
            en: "The face is turned about {measured} degrees towards the left of the picture",
            en_hint: "Point your nose straight at the camera so that both ears show equally",
        },
        Text {
            reason: "left",
            zh: "脸转向画面右侧约{measured}度，没有正对镜头",
            zh_hint: "请让鼻尖正对镜头，两只耳朵露出一样多",
            en: "The face is turned about {measured} degrees towards the right of the picture",
            en_hint: "Point your nose straight at the camera so that both ears show equally",
        },
    ],
    judge,
};

/// Degrees in both directions that pass, and the unsure band beyond them.
const LIMIT: Limit = Limit::between(-14.0, 14.0);
const BAND: f64 = 6.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let angle = f64::from(context.subject()?.head.yaw_deg);
    Some(
        Judgement::measured(angle, "deg", LIMIT, BAND)
            .sides("right", "left")
            .region(context.face_region())
            .source("ISO/IEC 19794-5, 7.2.2 (yaw at most 5 degrees), widened by the error of the estimate")
            .ofiq(ofiq::pose(angle)),
    )
}
