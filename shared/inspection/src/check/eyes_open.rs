//! Both eyes open: height of the upper lid above the line of the eye's corners by eye width, the lesser of the two eyes.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::measure::{eyes, ofiq};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "eyes.open",
    group: Group::Expression,
    policy: Policy::Blocking,
    name_zh: "双眼睁开",
    name_en: "Eyes open",
    texts: &[
        Text {
            reason: "default",
            zh: "眼睛没有睁开或几乎闭着",
            zh_hint: "请睁开双眼、不要眯眼，避开刺眼的光，看着镜头重新拍摄",
            en: "The eyes are closed or nearly closed",
            en_hint: "Open both eyes without squinting, avoid glaring light, look into the camera and take the photo again",
        },
    ],
    judge,
};

/// Open on 132 photos from 0.084 (narrow eyes) to 0.19, shut below 0; with the lids of 127 photos drawn down, 0.05 in the median
/// and at most 0.07 in 85 of 100.
const LIMIT: Limit = Limit::at_least(0.082);
const BAND: f64 = 0.01;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let head = &scene.subject()?.head;
    let height = f64::from(eyes::lid_height(head)?);
    let by_face = f64::from(eyes::smallest_gap(head)? / head.eyes_to_chin());
    Some(Judgement::measured(height, "ratio", LIMIT, BAND).region(scene.eyes_region()).source("GA 461-2004; ISO/IEC 29794-5, EyesOpen").ofiq(ofiq::eyes_open(by_face)))
}
