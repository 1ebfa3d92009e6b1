//! The face is not burnt out: mean luminance of the facial skin and share of saturated skin.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::measure::ofiq;
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "light.bright",
    group: Group::Light,
    policy: Policy::Blocking,
    name_zh: "曝光适度",
    name_en: "Not overexposed",
    texts: &[
        Text {
            reason: "default",
            zh: "脸部过亮发白（发白面积{measured}，应不高于{max}）",
            zh_hint: "请避开直射强光、关闭闪光灯；拍摄时点一下脸部，把亮度调低",
            en: "The face is too bright and washed out (white area {measured}, at most {max})",
            en_hint: "Avoid direct strong light, turn the flash off, tap the face and slide the brightness down",
        },
    ],
    judge,
};

/// Share of the facial skin at luminance 247 of 255 or more; house default.
const LIMIT: Limit = Limit::at_most(0.05);
const BAND: f64 = 0.07;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let light = &scene.subject()?.light;
    Some(
        Judgement::measured(f64::from(light.saturated), "share", LIMIT, BAND)
            .region(scene.face_region())
            .source("ISO/IEC 29794-5, OverExposurePrevention; limit: house")
            .ofiq(ofiq::over_exposure(f64::from(light.saturated))),
    )
}
