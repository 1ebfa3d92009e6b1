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
            zh: "背景明暗有渐变（相差{measured}）",
            zh_hint: "请让灯光均匀照亮整面背景",
            en: "The background fades from one side to the other (by {measured})",
            en_hint: "Light the whole background evenly",
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
