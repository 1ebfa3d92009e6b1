//! Specular highlights on the skin, for example from a flash.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::colour::{Lab, Rgb};
use crate::measure::stats;

/// The check `light.hotspot`.
pub static CHECK: Check = Check {
    code: "light.hotspot",
    group: Group::Light,
    policy: Policy::Advisory,
    name_zh: "无高光",
    name_en: "No hot spots",
    texts: &[Text {
        reason: "default",
        zh: "脸上有反光亮斑（约占{measured}）",
        zh_hint: "请擦去脸上的汗和油，关闭闪光灯，避免灯光直射",
        en: "There are shiny spots on the face (about {measured} of it)",
        en_hint: "Dry the skin, turn the flash off and avoid direct light",
    }],
    judge,
};

/// Share of the skin that is brighter and less saturated than the median of the skin.
const LIMIT: Limit = Limit::at_most(0.02);
const BAND: f64 = 0.03;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let (portrait, skin) = (&subject.portrait, subject.skin.median);
    // L* 92 is never reached below this code value of green.
    let dull = |[_, g, _]: Rgb| g < 200;
    let shiny = |lab: Lab| lab.l > 92.0 && lab.l > skin.l + 14.0 && lab.chroma() < 0.5 * skin.chroma();
    let share =
        stats::share(portrait.skin_indices.iter().map(|&at| portrait.rgb(at)), |rgb| !dull(rgb) && shiny(Lab::of(rgb)));
    Some(
        Judgement::measured(f64::from(share), "share", LIMIT, BAND)
            .region(context.face_region())
            .source("Ministry of Education student photos: no highlights; limit: calibrated"),
    )
}
