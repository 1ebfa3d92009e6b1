//! A shadow on the background: a band around the person that is darker than the background further away.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::colour;
use crate::measure::stats;
use crate::portrait::{self, Portrait};

/// The check `background.shadow`.
pub static CHECK: Check = Check {
    code: "background.shadow",
    group: Group::Background,
    policy: Policy::Advisory,
    name_zh: "背景无阴影",
    name_en: "No shadow behind",
    texts: &[Text {
        reason: "default",
        zh: "背景上有人的影子（比墙面暗{measured}）",
        zh_hint: "请离墙约一米，并让柔和的光从正面照来",
        en: "Your shadow falls on the background (darker than the wall by {measured})",
        en_hint: "Stand about a metre from the wall with soft light in front of you",
    }],
    judge,
};

/// Difference in L* between the background far from the person and the darkest part of the band.
const LIMIT: Limit = Limit::at_most(5.0);
const BAND: f64 = 4.0;
/// Width of the band in pixels of the upright patch.
const BAND_PX: usize = 36;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    subject.background.as_ref()?;
    let far = portrait::eroded(&subject.background_mask, Portrait::WIDTH, BAND_PX);
    let (mut near, mut distant) = (Vec::new(), Vec::new());
    // Every third pixel is a sufficient sample.
    for at in (0..far.len()).step_by(3).filter(|&at| subject.background_mask[at]) {
        let side = if far[at] { &mut distant } else { &mut near };
        side.push(colour::lightness(subject.portrait.rgb(at)));
    }
    let darker = stats::quantile(distant, 0.5)? - stats::quantile(near, 0.08)?;
    Some(
        Judgement::measured(f64::from(darker.max(0.0)), "L*", LIMIT, BAND)
            .source("GA 461-2004; social security card photo requirements: no shadow; limit: calibrated"),
    )
}
