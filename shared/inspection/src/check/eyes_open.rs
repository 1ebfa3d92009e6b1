//! Both eyes are open: height of the upper lid above the line between the eye's corners, divided by the eye width; the
//! smaller value of the two eyes.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::{eyes, ofiq};

/// The check `eyes.open`.
pub static CHECK: Check = Check {
    code: "eyes.open",
    group: Group::Expression,
    policy: Policy::Blocking,
    name_zh: "双眼睁开",
    name_en: "Eyes open",
    texts: &[Text {
        reason: "default",
        zh: "眼睛没有睁开或几乎闭着",
        zh_hint: "请睁开双眼、不要眯眼，避开刺眼的光，看着镜头重新拍摄",
        en: "The eyes are closed or nearly closed",
        en_hint: "Open both eyes without squinting, avoid glaring light, look into the camera and take the photo again",
    }],
    judge,
};

/// Open eyes on 132 photos: 0.084 (narrow eyes) to 0.19; shut eyes: below 0. On 127 photos with the lids lowered
/// synthetically the median is 0.05, and 85 % are at most 0.07.
const LIMIT: Limit = Limit::at_least(0.082);
const BAND: f64 = 0.01;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let head = &context.subject()?.head;
    let height = f64::from(eyes::lid_height(head)?);
    let by_face = f64::from(eyes::smallest_gap(head)? / head.eyes_to_chin());
    Some(
        Judgement::measured(height, "ratio", LIMIT, BAND)
            .region(context.eyes_region())
            .source("GA 461-2004; ISO/IEC 29794-5, EyesOpen")
            .ofiq(ofiq::eyes_open(by_face)),
    )
}
