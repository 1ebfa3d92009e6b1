//! No objects, patterns or shadows behind the person: spread of the lightness of the background.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `background.even`.
pub static CHECK: Check = Check {
    code: "background.even",
    group: Group::Background,
    policy: Policy::Blocking,
    name_zh: "背景均匀",
    name_en: "Even background",
    texts: &[Text {
        reason: "default",
        zh: "背景不均匀或有杂物、阴影（明暗起伏{measured}，应不高于{max}）",
        zh_hint: "请换一面没有图案和杂物的白墙，人离墙约一米，避免影子落在墙上",
        en: "The background is uneven or shows objects or shadows (spread {measured}, at most {max})",
        en_hint: "Use a plain white wall without objects, and stand about a metre in front of it so that no shadow falls on it",
    }],
    judge,
};

/// Standard deviation of L* over the background; calibrated.
const LIMIT: Limit = Limit::at_most(5.0);
const BAND: f64 = 3.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let background = context.subject()?.background.as_ref()?;
    Some(
        Judgement::measured(f64::from(background.spread), "L*", LIMIT, BAND)
            .source("GA 461-2004: plain background; ISO/IEC 39794-5, D.1.4.2.5"),
    )
}
