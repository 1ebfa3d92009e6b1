//! The picture has enough room around the head for the crop. The reason is the side where the most is missing.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::render::crop::Obstacle;

/// The check `framing.margins`.
pub static CHECK: Check = Check {
    code: "framing.margins",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "头像四周留白",
    name_en: "Room around the head",
    texts: &[
        Text {
            reason: "top",
            zh: "头顶上方空间不够，还差约{measured}像素",
            zh_hint: "请把手机拿远一点，头顶上方多留一些空间，裁剪时不要裁得太紧",
            en: "Too little room above the head: about {measured} px are missing",
            en_hint: "Hold the phone further away, leave more room above the head and do not crop tightly",
        },
        Text {
            reason: "bottom",
            zh: "肩部以下画面不足，还差约{measured}像素",
            zh_hint: "请拍到双肩和胸口上部",
            en: "Too little of the shoulders: about {measured} px are missing below",
            en_hint: "Include both shoulders and the upper chest",
        },
        Text {
            reason: "left",
            zh: "画面左侧空间不够，还差约{measured}像素",
            zh_hint: "请把手机拿远一点，让脸在画面正中，两侧都多留一些空间",
            en: "Too little room on the left: about {measured} px are missing",
            en_hint: "Hold the phone further away, with the face in the middle and more room on both sides",
        },
        Text {
            reason: "right",
            zh: "画面右侧空间不够，还差约{measured}像素",
            zh_hint: "请把手机拿远一点，让脸在画面正中，两侧都多留一些空间",
            en: "Too little room on the right: about {measured} px are missing",
            en_hint: "Hold the phone further away, with the face in the middle and more room on both sides",
        },
    ],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let source = "GA 461-2004: no enlarging, no added border";
    let Err(Obstacle::Margin { missing }) = subject.crop else {
        return subject.crop.is_ok().then(|| Judgement::pass().source(source));
    };
    let names = ["top", "right", "bottom", "left"];
    let (side, shortage) = names.iter().zip(missing).max_by(|a, b| a.1.total_cmp(&b.1))?;
    let mut judgement = Judgement::measured(f64::from(shortage), "px", Limit::at_most(0.0), 0.0).source(source);
    judgement.reason = side;
    Some(judgement)
}
