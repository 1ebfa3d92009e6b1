//! Traces that image editors leave in a file.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "file.edited",
    group: Group::Authenticity,
    policy: Policy::Advisory,
    name_zh: "编辑痕迹",
    name_en: "Editor traces",
    texts: &[
        Text {
            reason: "default",
            zh: "检测到图像编辑软件信息，疑似经过编辑",
            zh_hint: "请尽量上传未经编辑的原图；仅裁剪过的照片不受影响",
            en: "The file names an image editor: possibly edited",
            en_hint: "Upload the unedited original if you can; a photo that was only cropped is fine",
        },
    ],
    judge,
};

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let traces = &scene.file.ok()?.editor_traces;
    let judgement = if traces.is_empty() { Judgement::pass() } else { Judgement::fail("default").suspected() };
    Some(judgement.source("house: EXIF Software, Photoshop resources, XMP history"))
}
