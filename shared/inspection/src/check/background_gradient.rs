//! The background must not fade from side to side.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "background.gradient",
    group: Group::Background,
    policy: Policy::Advisory,
    name_zh: "背景无渐变",
    name_en: "No gradient",
    texts: &[
        Text {
            reason: "default",
            zh: "背景一边亮一边暗（相差{measured}）",
            zh_hint: "请换个位置，避免窗户或灯只照亮墙的一边",
            en: "The background is brighter at one end (by {measured})",
            en_hint: "Move so that no window or lamp lights only one side of the wall",
        },
    ],
    judge,
};

/// Extent in L* of the plane through the background.
const LIMIT: Limit = Limit::at_most(8.0);
const BAND: f64 = 4.0;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let wall = scene.subject()?.wall.as_ref()?;
    Some(Judgement::measured(f64::from(wall.slope), "L*", LIMIT, BAND).source("Ministry of Education student photos: no gradient; limit: house"))
}
