//! Traces that image editors leave in a file.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `file.edited`.
pub static CHECK: Check = Check {
    code: "file.edited",
    group: Group::Authenticity,
    policy: Policy::Advisory,
    name_zh: "编辑痕迹",
    name_en: "Editor traces",
    texts: &[Text {
        reason: "default",
        zh: "相片中有修图软件的记录，可能经过修图",
        zh_hint: "修过图的请换一张未修过的；只裁剪过的可不理会",
        en: "The file carries traces of an image editor and may have been retouched",
        en_hint: "If it was retouched, use a photo that was not; if it was only cropped, ignore this",
    }],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let traces = &context.file.ok()?.editor_traces;
    let judgement = if traces.is_empty() { Judgement::pass() } else { Judgement::fail("default").suspected() };
    Some(judgement.source("calibrated: EXIF Software, Photoshop resources, XMP history"))
}
