//! The clothes must differ from the background (no white tops).

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::colour::Lab;
use crate::measure::stats;
use crate::portrait::Portrait;

/// The check `clothes.contrast`.
pub static CHECK: Check = Check {
    code: "clothes.contrast",
    group: Group::Background,
    policy: Policy::Advisory,
    name_zh: "服装与背景反差",
    name_en: "Clothes against the background",
    texts: &[Text {
        reason: "default",
        zh: "衣服颜色与背景相近（色差{measured}，应不低于{min}）",
        zh_hint: "请换一件深色有领上衣，不要穿白色或浅色衣服",
        en: "The clothes look like the background (difference {measured}, at least {min})",
        en_hint: "Wear a dark top with a collar instead of white or pale clothes",
    }],
    judge,
};

/// CIE 1976 colour difference between the clothes at the lower edge and the background.
const LIMIT: Limit = Limit::at_least(15.0);
const BAND: f64 = 5.0;
/// Rows of the upright patch, from the bottom, that show clothes.
const ROWS: usize = 60;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let background = subject.background.as_ref()?;
    let (portrait, first) = (&subject.portrait, (Portrait::HEIGHT - ROWS) * Portrait::WIDTH);
    let clothes =
        (first..portrait.person.len()).step_by(3).filter(|&at| portrait.inside[at] && portrait.person[at] > 0.9);
    let differences: Vec<f32> = clothes.map(|at| Lab::of(portrait.rgb(at)).distance(background.median)).collect();
    if differences.len() < Portrait::WIDTH / 3 {
        return None;
    }
    let median = stats::quantile(differences, 0.5)?;
    Some(
        Judgement::measured(f64::from(median), "score", LIMIT, BAND)
            .source("GA 461-2004: no white top; limit: calibrated"),
    )
}
