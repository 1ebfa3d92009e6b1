//! Noise on the skin, where it is neither overexposed nor underexposed.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::stats;
use crate::portrait::{self, Portrait};

/// The check `image.noise`.
pub static CHECK: Check = Check {
    code: "image.noise",
    group: Group::Light,
    policy: Policy::Advisory,
    name_zh: "噪点",
    name_en: "Noise",
    texts: &[Text {
        reason: "default",
        zh: "相片颗粒感明显（噪点{measured}，应不高于{max}）",
        zh_hint: "请在更明亮处拍摄，不要用大倍数变焦",
        en: "The photo is grainy (noise {measured}, at most {max})",
        en_hint: "Take the photo in a brighter place without strong zoom",
    }],
    judge,
};

/// Median absolute deviation of the high-pass on the skin, in code values; calibrated.
const LIMIT: Limit = Limit::at_most(2.0);
const BAND: f64 = 1.5;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let luma = &subject.portrait.luma;
    let width = Portrait::WIDTH;
    let flat = portrait::eroded(&subject.portrait.skin, width, 2);
    // Every second pixel is a sufficient sample.
    let skin = subject.portrait.skin_indices.iter().copied().step_by(2);
    let residues = skin
        .filter(|&at| flat[at] && at > width && at + width + 1 < luma.len() && (16.0..240.0).contains(&luma[at]))
        .map(|at| {
            let corners = luma[at - width - 1] + luma[at - width + 1] + luma[at + width - 1] + luma[at + width + 1];
            let sides = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width];
            // Immerkaer's operator: insensitive to planes and first-order edges; its standard deviation is 6 sigma.
            (corners - 2.0 * sides + 4.0 * luma[at]).abs() / 6.0
        });
    let sigma = stats::quantile(residues, 0.5)? * 1.4826;
    Some(Judgement::measured(f64::from(sigma), "ratio", LIMIT, BAND).source("calibrated: noise of flat areas"))
}
