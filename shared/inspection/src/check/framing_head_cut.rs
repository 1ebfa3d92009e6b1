//! The whole head is inside the picture.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `framing.head-cut`.
pub static CHECK: Check = Check {
    code: "framing.head-cut",
    group: Group::Framing,
    policy: Policy::Blocking,
    name_zh: "头部完整",
    name_en: "Whole head in the picture",
    texts: &[Text {
        reason: "default",
        zh: "头部不完整，头顶可能超出画面",
        zh_hint: "请把手机拿远一点，让整个头部都在画面内、上方留出空间，不要裁到头发",
        en: "The head is incomplete: its top seems to lie outside the picture",
        en_hint: "Hold the phone further away so that the whole head is in the picture, and do not crop the hair",
    }],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let portrait = &context.subject()?.portrait;
    let cut = portrait.head_cut || portrait.crown.is_none();
    let judgement = if cut { Judgement::fail("default").region(context.face_region()) } else { Judgement::pass() };
    Some(judgement.source("GA 461-2004: whole head"))
}
