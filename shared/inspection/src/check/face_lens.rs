//! Perspective distortion of a selfie: a short focal length and a face that fills the picture enlarge the nose.

use rules::finding::{Group, Limit, Policy, Verdict};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `face.lens`.
pub static CHECK: Check = Check {
    code: "face.lens",
    group: Group::Authenticity,
    policy: Policy::Advisory,
    name_zh: "镜头畸变",
    name_en: "Lens distortion",
    texts: &[Text {
        reason: "default",
        zh: "疑似近距离自拍，人像可能变形",
        zh_hint: "请别人站在一米以外，用后置镜头放大到2倍拍摄",
        en: "Possibly a selfie from too close: the face may be distorted",
        en_hint: "Let someone take the photo from more than a metre away with the back camera at 2x zoom",
    }],
    judge,
};

/// Below this focal length (35 mm equivalent), a face wider than this share of the picture was closer than an arm's
/// length.
const SHORT_MM: u16 = 35;
const LIMIT: Limit = Limit::at_most(0.45);

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let focal_length = context.file.ok()?.focal_length_35mm?;
    let view = context.view.as_ref()?;
    let share = view.subject.as_ref()?.head.face_width / view.picture.width as f32;
    let judgement = Judgement::measured(f64::from(share), "share", LIMIT, 0.0);
    let judgement = if focal_length < SHORT_MM { judgement } else { Judgement { verdict: Verdict::Pass, ..judgement } };
    Some(judgement.suspected().region(context.face_region()).source("GA 461-2004: no distortion; limit: calibrated"))
}
