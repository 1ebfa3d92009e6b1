//! Reflections on glasses: overexposed spots around the eyes.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::landmark;
use crate::measure::stats;
use crate::polygon;

/// The check `glasses.glare`.
pub static CHECK: Check = Check {
    code: "glasses.glare",
    group: Group::Occlusion,
    policy: Policy::Advisory,
    name_zh: "眼镜无反光",
    name_en: "No glare on glasses",
    texts: &[Text {
        reason: "default",
        zh: "眼镜可能有反光（眼睛周围约{measured}的面积发白）",
        zh_hint: "请避开正前方的灯，或把镜腿稍抬高让镜片略朝下；最好摘下眼镜",
        en: "There may be glare on the glasses (about {measured} around the eyes is white)",
        en_hint: "Avoid lamps straight ahead, or raise the temples so that the lenses tip down slightly; best take the glasses off",
    }],
    judge,
};

/// Overexposed share of the area around an eye, less the overexposed share of the skin.
const LIMIT: Limit = Limit::at_most(0.03);
const BAND: f64 = 0.05;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let shares = landmark::EYES.map(|eye| {
        let zone = subject.portrait.indices_within(&polygon::scaled(&subject.head.outline(&eye), 2.0));
        stats::share(zone, |at| subject.portrait.rgb(at).into_iter().min() > Some(245))
    });
    let excess = shares[0].max(shares[1]) - subject.light.saturated;
    Some(
        Judgement::measured(f64::from(excess.max(0.0)), "share", LIMIT, BAND)
            .region(context.eyes_region())
            .source("ISO/IEC 29794-5, EyesVisible; social security card photo requirements: no reflection"),
    )
}
