//! The background of the upload is white.

use rules::finding::{Group, Limit, Policy, Verdict};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `background.white`.
pub static CHECK: Check = Check {
    code: "background.white",
    group: Group::Background,
    policy: Policy::Blocking,
    name_zh: "白色背景",
    name_en: "White background",
    texts: &[
        Text {
            reason: "dark",
            zh: "背景不够白：亮度{measured}，应不低于{min}",
            zh_hint: "请以白墙为背景，离墙约一米，并让窗光或灯光把墙也照亮",
            en: "The background is not white enough: brightness {measured}, at least {min} is needed",
            en_hint: "Use a white wall about a metre behind you and let daylight or a lamp light the wall, too",
        },
        Text {
            reason: "coloured",
            zh: "背景不是白色，带有明显颜色（偏色{measured}，应不高于{max}）",
            zh_hint: "请以白墙为背景，关掉发黄或彩色的灯，在白天自然光下重新拍摄",
            en: "The background is coloured (tint {measured}, at most {max} is allowed)",
            en_hint: "Use a white wall, turn yellowish or coloured lamps off and take the photo in daylight",
        },
    ],
    judge,
};

/// Median of the darkest channel (0 to 255) and median chroma (C*) of the background; the bands are calibrated.
const LEVEL: Limit = Limit::at_least(225.0);
const LEVEL_BAND: f64 = 20.0;
const CHROMA: Limit = Limit::at_most(5.0);
const CHROMA_BAND: f64 = 3.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let background = context.subject()?.background.as_ref()?;
    let source = "GA 461-2004 and GA 482-2012: white background";
    let mut chroma = Judgement::measured(f64::from(background.chroma), "C*", CHROMA, CHROMA_BAND).source(source);
    chroma.reason = "coloured";
    let mut level = Judgement::measured(f64::from(background.level), "level", LEVEL, LEVEL_BAND).source(source);
    level.reason = "dark";
    let coloured_is_worse = chroma.verdict == Verdict::Fail || level.verdict == Verdict::Pass;
    Some(if coloured_is_worse { chroma } else { level })
}
