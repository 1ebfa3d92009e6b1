//! Both eyes open: lid gap by eye width, the smaller of the two eyes.

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
            zh: "眼睛未睁开或睁得太小",
            zh_hint: "请自然睁大双眼，平视镜头后重新拍摄",
            en: "The eyes are closed or nearly closed",
            en_hint: "Open both eyes naturally, look into the camera and take the photo again",
        },
    ],
    judge,
};

/// Lid gap by eye width: closed 0.08 to 0.09 on photos, 0.09 to 0.16 on most drawn faces; open from 0.187 (narrow eyes) to
/// 0.46 on 123 photos.
const LIMIT: Limit = Limit::at_least(0.175);
const BAND: f64 = 0.02;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let head = &scene.subject()?.head;
    let opening = f64::from(eyes::opening(head)?);
    let by_face = f64::from(eyes::smallest_gap(head)? / head.eyes_to_chin());
    Some(Judgement::measured(opening, "ratio", LIMIT, BAND).region(scene.eyes_region()).source("GA 461-2004; ISO/IEC 29794-5, EyesOpen").ofiq(ofiq::eyes_open(by_face)))
}
