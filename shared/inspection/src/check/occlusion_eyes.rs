//! No dark glasses: the white of the eyes is visible.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::landmark;
use crate::measure::stats;

/// The check `occlusion.eyes`.
pub static CHECK: Check = Check {
    code: "occlusion.eyes",
    group: Group::Occlusion,
    policy: Policy::Blocking,
    name_zh: "眼部无遮挡",
    name_en: "Eyes uncovered",
    texts: &[Text {
        reason: "default",
        zh: "眼部有遮挡（墨镜、有色镜片或头发）",
        zh_hint: "请摘下墨镜或有色眼镜，把头发拨开后重新拍摄",
        en: "The eyes are covered (dark or tinted glasses, hair)",
        en_hint: "Take off dark or tinted glasses, put hair aside and take the photo again",
    }],
    judge,
};

/// Luma of the brightest part of the eyes divided by that of the skin: at least 0.6 on uncovered eyes, deep-set ones
/// included.
const LIMIT: Limit = Limit::at_least(0.5);
const BAND: f64 = 0.15;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let portrait = &subject.portrait;
    let luma = |&at: &usize| portrait.luma[at];
    let eyes = landmark::EYES.map(|eye| portrait.indices_within(&subject.head.outline(&eye)));
    let eyes = eyes.map(|indices| stats::quantile(indices.iter().map(luma), 0.95));
    // One eye can be in shade; glasses cover both.
    let eye = eyes[0]?.max(eyes[1]?);
    // Every fourth pixel is a sufficient sample.
    let skin = stats::quantile(portrait.skin_indices.iter().step_by(4).map(luma), 0.5)?.max(1.0);
    Some(
        Judgement::measured(f64::from(eye / skin), "ratio", LIMIT, BAND)
            .region(context.eyes_region())
            .source("ISO/IEC 29794-5, EyesVisible; GA 461-2004: no tinted lenses"),
    )
}
