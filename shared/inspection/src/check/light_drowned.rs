//! Shadows without detail on the face.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::measure::ofiq;
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "light.drowned",
    group: Group::Light,
    policy: Policy::Advisory,
    name_zh: "暗部细节",
    name_en: "Detail in shadows",
    texts: &[
        Text {
            reason: "default",
            zh: "脸部曝光不足（约{measured}的面积没有细节）",
            zh_hint: "请面向光源，补足脸部光线",
            en: "Parts of the face are underexposed (about {measured} show no detail)",
            en_hint: "Face the light so that more of it falls on the face",
        },
    ],
    judge,
};

/// Share of the facial skin at luminance 25 of 255 or less.
const LIMIT: Limit = Limit::at_most(0.45);
const BAND: f64 = 0.2;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let share = f64::from(scene.subject()?.light.drowned);
    Some(
        Judgement::measured(share, "share", LIMIT, BAND)
            .region(scene.face_region())
            .source("ISO/IEC 29794-5, UnderExposurePrevention; limit: house")
            .ofiq(ofiq::under_exposure(share)),
    )
}
