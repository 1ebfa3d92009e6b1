//! The mouth is closed and shows no teeth: gap between the inner lips divided by the mouth width.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::landmark;
use crate::locate::geometry::distance;
use crate::measure::ofiq;

/// The check `mouth.closed`.
pub static CHECK: Check = Check {
    code: "mouth.closed",
    group: Group::Expression,
    policy: Policy::Blocking,
    name_zh: "嘴巴闭合",
    name_en: "Mouth closed",
    texts: &[Text {
        reason: "default",
        zh: "嘴巴未闭合或露出牙齿",
        zh_hint: "请自然闭合双唇，表情平静后重新拍摄",
        en: "The mouth is open or teeth are showing",
        en_hint: "Close your lips naturally, keep a calm face and take the photo again",
    }],
    judge,
};

/// Values on portraits: closed 0.00 to 0.02, smiles with teeth 0.20 to 0.27, open from 0.29.
const LIMIT: Limit = Limit::at_most(0.06);
const BAND: f64 = 0.06;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let head = &context.subject()?.head;
    let gap = distance(landmark::at(&head.mesh, landmark::UPPER_LIP), landmark::at(&head.mesh, landmark::LOWER_LIP));
    let width =
        distance(landmark::at(&head.mesh, landmark::MOUTH_RIGHT), landmark::at(&head.mesh, landmark::MOUTH_LEFT));
    let by_face = f64::from(gap / head.eyes_to_chin());
    let ratio = f64::from(gap / width.max(1.0));
    Some(
        Judgement::measured(ratio, "ratio", LIMIT, BAND)
            .region(context.mouth_region())
            .source("GA 461-2004; ISO/IEC 29794-5, MouthClosed")
            .ofiq(ofiq::mouth_closed(by_face)),
    )
}
