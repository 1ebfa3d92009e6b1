//! Mouth and chin are not covered by a mask, a hand or a scarf: the lips are visible, and the lower face has the colour
//! of the skin above it.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::landmark;
use crate::colour::Lab;
use crate::measure::skin::Skin;

/// The check `occlusion.mouth`.
pub static CHECK: Check = Check {
    code: "occlusion.mouth",
    group: Group::Occlusion,
    policy: Policy::Blocking,
    name_zh: "口鼻无遮挡",
    name_en: "Mouth and nose uncovered",
    texts: &[Text {
        reason: "default",
        zh: "口鼻部位有遮挡（口罩、围巾或手等）",
        zh_hint: "请摘下口罩、围巾，把手放下后重新拍摄",
        en: "Something covers the mouth or nose (a mask, a scarf, a hand)",
        en_hint: "Take off the mask or scarf, lower your hands and take the photo again",
    }],
    judge,
};

/// Colour difference between the lips and the skin around them: at least 8.9 on 110 photos of uncovered faces (beards
/// and grey pictures included), below 4 on masks.
const LIMIT: Limit = Limit::at_least(8.7);
const BAND: f64 = 4.2;
/// If the hue of the lower face differs from the skin above it by more than this, and the lips are not redder, it is a
/// patterned mask or a scarf.
const OTHER_HUE: f32 = 15.0;
const NOT_REDDER: f32 = 2.0;
/// Landmarks of both lower cheeks and the chin.
const LOWER: [usize; 12] = [187, 207, 212, 202, 204, 194, 200, 418, 424, 422, 432, 427];

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let (portrait, head) = (&subject.portrait, &subject.head);
    let skin = |indices: &[usize]| Skin::of(indices.iter().map(|&at| Lab::of(portrait.rgb(at))));
    let lips = portrait.indices_within(&head.outline(&landmark::LIPS_OUTER));
    let mut lower = portrait.indices_within(&head.outline(&LOWER));
    lower.retain(|at| lips.binary_search(at).is_err());
    let (mouth, around) = (skin(&lips), skin(&lower));
    let mut contrast = mouth.median.distance(around.median) + mouth.spread;
    let redder = mouth.median.a - around.median.a;
    if subject.skin.hue_distance(around.median) > OTHER_HUE && redder < NOT_REDDER {
        contrast = contrast.min(redder.max(0.0));
    }
    Some(
        Judgement::measured(f64::from(contrast), "score", LIMIT, BAND)
            .region(context.mouth_region())
            .source("ISO/IEC 29794-5, MouthOcclusionPrevention; GA 461-2004"),
    )
}
