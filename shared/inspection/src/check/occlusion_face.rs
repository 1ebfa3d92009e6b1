//! The face is uncovered: share of the face whose colour differs from the subject's own skin.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::colour::Lab;
use crate::measure::{ofiq, stats};

/// The check `occlusion.face`.
pub static CHECK: Check = Check {
    code: "occlusion.face",
    group: Group::Occlusion,
    policy: Policy::Advisory,
    name_zh: "面部无遮挡",
    name_en: "Face uncovered",
    texts: &[Text {
        reason: "default",
        zh: "面部疑似有遮挡（约{measured}的面积不像皮肤）",
        zh_hint: "请把头发、手或其他物品移开，露出整个面部",
        en: "Something may cover the face (about {measured} of it does not look like skin)",
        en_hint: "Move hair, hands or other objects aside so that the whole face shows",
    }],
    judge,
};

/// Share of the facial skin whose hue and chroma differ from the subject's own.
const LIMIT: Limit = Limit::at_most(0.18);
const BAND: f64 = 0.12;
/// Largest hue distance that counts as skin (shaded skin is not an occlusion).
const ALIKE: f32 = 14.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let (portrait, skin) = (&subject.portrait, subject.skin);
    let other = |lab: Lab| skin.hue_distance(lab) > ALIKE;
    let share = stats::share(portrait.skin_indices.iter().step_by(2).map(|&at| Lab::of(portrait.rgb(at))), other);
    Some(
        Judgement::measured(f64::from(share), "share", LIMIT, BAND)
            .region(context.face_region())
            .source("ISO/IEC 29794-5, FaceOcclusionPrevention; limit: calibrated")
            .ofiq(ofiq::complement(f64::from(share))),
    )
}
