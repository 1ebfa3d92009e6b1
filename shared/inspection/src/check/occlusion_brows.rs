//! The brows are uncovered: the strip just above them has the colour of the skin.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::landmark;
use crate::colour::Lab;
use crate::measure::stats;

/// The check `occlusion.brows`.
pub static CHECK: Check = Check {
    code: "occlusion.brows",
    group: Group::Occlusion,
    policy: Policy::Advisory,
    name_zh: "眉毛露出",
    name_en: "Brows uncovered",
    texts: &[Text {
        reason: "default",
        zh: "头发可能遮挡眉毛或眼睛",
        zh_hint: "请把刘海拨开，露出双眉和双眼",
        en: "Hair may cover the brows or eyes",
        en_hint: "Brush the fringe aside so that brows and eyes show",
    }],
    judge,
};

/// Share of the strip above the brows whose colour differs from the subject's skin; calibrated.
const LIMIT: Limit = Limit::at_most(0.6);
const BAND: f64 = 0.2;
/// Largest CIE 1976 colour difference that counts as skin, shaded skin included.
const ALIKE: f32 = 26.0;
/// Height of the strip divided by the distance from the eyes to the chin.
const STRIP: f32 = 0.1;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let (portrait, head) = (&subject.portrait, &subject.head);
    let height = STRIP * head.eyes_to_chin() / head.frame.scale();
    let shares = landmark::BROWS.map(|brow| {
        // The first five points run along the upper edge of the brow.
        let upper: Vec<_> = head.outline(&brow[..5]);
        let mut strip: Vec<_> = upper.iter().map(|&[x, y]| [x, y - 0.35 * height]).collect();
        strip.extend(upper.iter().rev().map(|&[x, y]| [x, y - 1.35 * height]));
        let colours = portrait.indices_within(&strip).into_iter().map(|at| Lab::of(portrait.rgb(at)));
        stats::share(colours, |lab| lab.distance(subject.skin.median) > ALIKE)
    });
    let share = f64::from(shares[0].max(shares[1]));
    Some(
        Judgement::measured(share, "share", LIMIT, BAND)
            .region(context.eyes_region())
            .source("Ministry of Education student photos; traffic management 12123: brows show; limit: calibrated"),
    )
}
