//! The background must not become lighter or darker from one side to the other.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `background.gradient`.
pub static CHECK: Check = Check {
    code: "background.gradient",
    group: Group::Background,
    policy: Policy::Advisory,
    name_zh: "背景无渐变",
    name_en: "No gradient",
    texts: &[Text {
        reason: "default",
        zh: "背景一边亮一边暗（相差{measured}）",
        zh_hint: "请换个位置，避免窗户或灯只照亮墙的一边",
        en: "The background is brighter at one end (by {measured})",
        en_hint: "Move so that no window or lamp lights only one side of the wall",
    }],
    judge,
};

/// Range in L* of the plane fitted to the lightness of the background.
const LIMIT: Limit = Limit::at_most(8.0);
const BAND: f64 = 4.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let background = context.subject()?.background.as_ref()?;
    Some(
        Judgement::measured(f64::from(background.slope), "L*", LIMIT, BAND)
            .source("Ministry of Education student photos: no gradient; limit: calibrated"),
    )
}
