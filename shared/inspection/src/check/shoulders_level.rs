//! Both shoulders are in the picture and at the same height.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::head::PORTRAIT_EYES;
use crate::inspection_context::InspectionContext;
use crate::measure::stats;
use crate::portrait::{PERSON, Portrait};

/// The check `shoulders.level`.
pub static CHECK: Check = Check {
    code: "shoulders.level",
    group: Group::Framing,
    policy: Policy::Advisory,
    name_zh: "双肩端正",
    name_en: "Shoulders level",
    texts: &[Text {
        reason: "default",
        zh: "双肩不水平或未全部入镜（高低相差{measured}像素）",
        zh_hint: "请放松双肩，身体正对镜头，双肩都拍进画面",
        en: "The shoulders are not level or not both in the picture (they differ by {measured} px)",
        en_hint: "Relax both shoulders, face the camera and include both of them",
    }],
    judge,
};

/// Difference in height of the outlines over both shoulders, in pixels of the upright patch.
const LIMIT: Limit = Limit::at_most(28.0);
const BAND: f64 = 14.0;
/// Spread of L* above which the background is too uneven to find the outline of the shoulders.
const BUSY: f32 = 10.0;
/// Columns of the upright patch in which the outline of each shoulder is measured.
const COLUMNS: [std::ops::Range<usize>; 2] = [20..60, 298..338];

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    if subject.background.as_ref()?.spread > BUSY {
        return None;
    }
    let portrait = &subject.portrait;
    let [right, left] = COLUMNS.map(|columns| stats::quantile(columns.filter_map(|column| top(portrait, column)), 0.5));
    let difference = f64::from((right? - left?).abs());
    Some(
        Judgement::measured(difference, "px", LIMIT, BAND)
            .source("exit-entry photo guide: level shoulders; limit: calibrated"),
    )
}

/// First row of the column, below the eyes, that belongs to the person.
fn top(portrait: &Portrait, column: usize) -> Option<f32> {
    let start = PORTRAIT_EYES[1] as usize;
    let beside_the_head = start * Portrait::WIDTH + column;
    if portrait.person[beside_the_head] > PERSON || !portrait.inside[beside_the_head] {
        return None;
    }
    let bottom = (Portrait::HEIGHT - 1) * Portrait::WIDTH + column;
    let row = (start..Portrait::HEIGHT).find(|row| portrait.person[row * Portrait::WIDTH + column] > PERSON);
    // Background down to the edge: the shoulder is missing.
    row.or(portrait.inside[bottom].then_some(Portrait::HEIGHT)).map(|row| row as f32)
}
