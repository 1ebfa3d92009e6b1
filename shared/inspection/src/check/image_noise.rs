//! Grain on the skin, where the light is neither burnt out nor drowned.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::measure::stats;
use crate::portrait::{self, Portrait};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "image.noise",
    group: Group::Light,
    policy: Policy::Advisory,
    name_zh: "噪点",
    name_en: "Noise",
    texts: &[
        Text {
            reason: "default",
            zh: "相片颗粒感明显（噪点{measured}，应不高于{max}）",
            zh_hint: "请在更明亮处拍摄，不要用大倍数变焦",
            en: "The photo is grainy (noise {measured}, at most {max})",
            en_hint: "Take the photo in a brighter place without strong zoom",
        },
    ],
    judge,
};

/// Median absolute deviation of the high-pass on the skin, in code values; house default.
const LIMIT: Limit = Limit::at_most(2.0);
const BAND: f64 = 1.5;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let subject = scene.subject()?;
    let luma = &subject.portrait.luma;
    let width = Portrait::WIDTH;
    let flat = portrait::eroded(&subject.portrait.skin, width, 2);
    // Every second pixel tells as much as all of them.
    let skin = subject.portrait.skin_places.iter().copied().step_by(2);
    let residues = skin
        .filter(|&at| flat[at] && at > width && at + width + 1 < luma.len() && (16.0..240.0).contains(&luma[at]))
        .map(|at| {
            let corners = luma[at - width - 1] + luma[at - width + 1] + luma[at + width - 1] + luma[at + width + 1];
            let sides = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width];
            // Immerkaer's operator: blind to planes and edges of the first order, its standard deviation is 6 sigma.
            (corners - 2.0 * sides + 4.0 * luma[at]).abs() / 6.0
        });
    let sigma = stats::quantile(residues, 0.5)? * 1.4826;
    Some(Judgement::measured(f64::from(sigma), "ratio", LIMIT, BAND).source("house: noise of flat areas"))
}
