//! The picture shows a face (ISO/IEC 19794-5, 7.2).

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `face.present`.
pub static CHECK: Check = Check {
    code: "face.present",
    group: Group::Face,
    policy: Policy::Blocking,
    name_zh: "检测到人脸",
    name_en: "Face found",
    texts: &[Text {
        reason: "default",
        zh: "未检测到人脸",
        zh_hint: "请上传一张本人正面免冠、五官清晰的头像相片",
        en: "No face was found",
        en_hint: "Upload a photo that shows one face from the front, clear and uncovered",
    }],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let view = context.view.as_ref()?;
    let judgement = if view.subject.is_some() { Judgement::pass() } else { Judgement::fail("default") };
    Some(judgement.source("GA 461-2004; ISO/IEC 19794-5, 7.2"))
}
