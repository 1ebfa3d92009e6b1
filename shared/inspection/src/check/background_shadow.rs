//! A shadow on the wall: a band around the person darker than the wall further away.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::measure::{colour, stats};
use crate::portrait::{self, Portrait};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "background.shadow",
    group: Group::Background,
    policy: Policy::Advisory,
    name_zh: "背景无阴影",
    name_en: "No shadow behind",
    texts: &[
        Text {
            reason: "default",
            zh: "背景上有人的影子（比墙面暗{measured}）",
            zh_hint: "请离墙约一米，并让柔和的光从正面照来",
            en: "Your shadow falls on the background (darker than the wall by {measured})",
            en_hint: "Stand about a metre from the wall with soft light in front of you",
        },
    ],
    judge,
};

/// L* by which the darkest part of the band lies below the far wall.
const LIMIT: Limit = Limit::at_most(5.0);
const BAND: f64 = 4.0;
/// Width of the band in pixels of the upright patch.
const BAND_PX: usize = 36;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let subject = scene.subject()?;
    subject.wall.as_ref()?;
    let far = portrait::eroded(&subject.background, Portrait::WIDTH, BAND_PX);
    let (mut near, mut wall) = (Vec::new(), Vec::new());
    // Every third pixel tells as much as all of them.
    for at in (0..far.len()).step_by(3).filter(|&at| subject.background[at]) {
        let side = if far[at] { &mut wall } else { &mut near };
        side.push(colour::lightness(subject.portrait.rgb(at)));
    }
    let darker = stats::quantile(wall, 0.5)? - stats::quantile(near, 0.08)?;
    Some(
        Judgement::measured(f64::from(darker.max(0.0)), "L*", LIMIT, BAND)
            .source("GA 461-2004; social security card photo requirements: no shadow; limit: house"),
    )
}
