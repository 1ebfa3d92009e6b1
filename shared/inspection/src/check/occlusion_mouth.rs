//! A mask, a hand or a scarf over mouth and chin: the lower face has another colour than the skin above it, and no lips show.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::landmark;
use crate::measure::colour::Lab;
use crate::measure::skin::Skin;
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "occlusion.mouth",
    group: Group::Occlusion,
    policy: Policy::Blocking,
    name_zh: "口鼻无遮挡",
    name_en: "Mouth and nose uncovered",
    texts: &[
        Text {
            reason: "default",
            zh: "口鼻部位有遮挡（口罩、围巾或手等）",
            zh_hint: "请摘下口罩、围巾，把手放下后重新拍摄",
            en: "Something covers the mouth or nose (a mask, a scarf, a hand)",
            en_hint: "Take off the mask or scarf, lower your hands and take the photo again",
        },
    ],
    judge,
};

/// By how much the lips stand out: 8.9 and more on 110 photos of bare faces (also with beards, also in grey), below 4 on masks.
const LIMIT: Limit = Limit::at_least(8.7);
const BAND: f64 = 4.2;
/// A lower face of another hue than the skin above it, without redder lips, is a patterned mask or a scarf.
const OTHER_HUE: f32 = 15.0;
const NOT_REDDER: f32 = 2.0;
/// Landmarks of both lower cheeks and the chin.
const LOWER: [usize; 12] = [187, 207, 212, 202, 204, 194, 200, 418, 424, 422, 432, 427];

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let subject = scene.subject()?;
    let (portrait, head) = (&subject.portrait, &subject.head);
    let skin = |places: &[usize]| Skin::of(places.iter().map(|&at| Lab::of(portrait.rgb(at))));
    let lips = portrait.places(&head.outline(&landmark::LIPS_OUTER));
    let mut lower = portrait.places(&head.outline(&LOWER));
    lower.retain(|at| lips.binary_search(at).is_err());
    let (mouth, around) = (skin(&lips), skin(&lower));
    let mut stands_out = mouth.median.distance(around.median) + mouth.spread;
    let redder = mouth.median.a - around.median.a;
    if subject.skin.hue_distance(around.median) > OTHER_HUE && redder < NOT_REDDER {
        stands_out = stands_out.min(redder.max(0.0));
    }
    Some(
        Judgement::measured(f64::from(stands_out), "score", LIMIT, BAND)
            .region(scene.mouth_region())
            .source("ISO/IEC 29794-5, MouthOcclusionPrevention; GA 461-2004"),
    )
}
