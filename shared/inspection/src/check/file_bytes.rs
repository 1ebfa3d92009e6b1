//! Size of the file, both ends inclusive.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "file.bytes",
    group: Group::File,
    policy: Policy::Blocking,
    name_zh: "文件大小",
    name_en: "File size",
    texts: &[
        Text {
            reason: "too-small",
            zh: "照片文件过小：{measured}，应不少于{min}",
            zh_hint: "请上传未经压缩的原图",
            en: "The file is too small: {measured}, at least {min} are needed",
            en_hint: "Upload the original instead of a compressed copy",
        },
        Text {
            reason: "too-large",
            zh: "照片文件过大：{measured}，不能超过{max}",
            zh_hint: "请适当缩小图片尺寸后重新保存上传",
            en: "The file is too large: {measured}, at most {max} are allowed",
            en_hint: "Reduce the picture a little, save it and upload it again",
        },
    ],
    judge,
};

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    if scene.bytes == 0 {
        return None;
    }
    let rule = &scene.spec.input_bytes;
    Some(
        Judgement::measured(scene.bytes as f64, "bytes", rule.limit, 0.0)
            .sides("too-small", "too-large")
            .source(rule.source.clone()),
    )
}
