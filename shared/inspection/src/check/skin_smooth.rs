//! Beauty filters remove the pores: fine detail of the skin relative to that of brows, eyes and lips.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::sharpness;
use crate::portrait::{self, Portrait};

/// The check `skin.smooth`.
pub static CHECK: Check = Check {
    code: "skin.smooth",
    group: Group::Authenticity,
    policy: Policy::Advisory,
    name_zh: "未过度美颜",
    name_en: "No beauty filter",
    texts: &[Text {
        reason: "default",
        zh: "疑似过度美颜或磨皮",
        zh_hint: "请关闭美颜和滤镜后重新拍摄",
        en: "Possibly retouched: the skin is very smooth",
        en_hint: "Turn beauty modes and filters off and take the photo again",
    }],
    judge,
};

/// Fine detail of the skin divided by that of brows, eyes and lips; calibrated, weak evidence.
const LIMIT: Limit = Limit::at_least(0.05);

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let subject = context.subject()?;
    let portrait = &subject.portrait;
    let skin = portrait::eroded(&portrait.skin, Portrait::WIDTH, 4);
    let energy = |indices: &mut dyn Iterator<Item = usize>| {
        sharpness::laplacian_energy(&portrait.luma, Portrait::WIDTH, indices)
    };
    let smooth = energy(&mut portrait.skin_indices.iter().copied().filter(|&at| skin[at]));
    let detailed = energy(&mut portrait.face_indices.iter().copied().filter(|&at| !portrait.skin[at]));
    let ratio = (smooth / detailed.max(1.0)).sqrt();
    Some(
        Judgement::measured(f64::from(ratio), "ratio", LIMIT, 0.0)
            .suspected()
            .region(context.face_region())
            .source("traffic management 12123: no excessive beautifying; limit: calibrated"),
    )
}
