//! Dark glasses: the white of the eyes does not show.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::landmark;
use crate::measure::stats;
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "occlusion.eyes",
    group: Group::Occlusion,
    policy: Policy::Blocking,
    name_zh: "眼部无遮挡",
    name_en: "Eyes uncovered",
    texts: &[
        Text {
            reason: "default",
            zh: "眼部有遮挡（墨镜、有色镜片或头发）",
            zh_hint: "请摘下墨镜或有色眼镜，把头发拨开后重新拍摄",
            en: "The eyes are covered (dark or tinted glasses, hair)",
            en_hint: "Take off dark or tinted glasses, put hair aside and take the photo again",
        },
    ],
    judge,
};

/// Brightest part of the eyes by the luma of the skin: 0.6 and more on bare eyes, also deep-set ones.
const LIMIT: Limit = Limit::at_least(0.5);
const BAND: f64 = 0.15;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let subject = scene.subject()?;
    let portrait = &subject.portrait;
    let luma = |&at: &usize| portrait.luma[at];
    let eyes = landmark::EYES.map(|eye| portrait.places(&subject.head.outline(&eye)));
    let eyes = eyes.map(|places| stats::quantile(places.iter().map(luma), 0.95));
    // One eye may lie in shade; glasses hide both.
    let eye = eyes[0]?.max(eyes[1]?);
    // Every fourth pixel tells as much as all of them.
    let skin = stats::quantile(portrait.skin_places.iter().step_by(4).map(luma), 0.5)?.max(1.0);
    Some(
        Judgement::measured(f64::from(eye / skin), "ratio", LIMIT, BAND)
            .region(scene.eyes_region())
            .source("ISO/IEC 29794-5, EyesVisible; GA 461-2004: no tinted lenses"),
    )
}
