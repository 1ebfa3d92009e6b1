//! Size of the file; both limits are inclusive.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `file.bytes`.
pub static CHECK: Check = Check {
    code: "file.bytes",
    group: Group::File,
    policy: Policy::Blocking,
    name_zh: "文件大小",
    name_en: "File size",
    texts: &[
        Text {
            reason: "too-small",
            zh: "相片文件过小：{measured}，应不少于{min}",
            zh_hint: "请换用更清晰的原图（{min}至{max}之间），或用手机重新拍摄",
            en: "The file is too small: {measured}, at least {min} are needed",
            en_hint: "Use a better original (between {min} and {max}) or take the photo again",
        },
        Text {
            reason: "too-large",
            zh: "相片文件过大：{measured}，不能超过{max}",
            zh_hint: "请在上传页点“缩小到 1 MB 以内”，或在手机相册裁掉多余背景后保存",
            en: "The file is too large: {measured}, at most {max} are allowed",
            en_hint: "Choose “Make it smaller than 1 MB” on the upload page, or crop spare background in the gallery of your phone",
        },
    ],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    if context.bytes == 0 {
        return None;
    }
    let rule = &context.spec.input_bytes;
    Some(
        Judgement::measured(context.bytes as f64, "bytes", rule.limit, 0.0)
            .sides("too-small", "too-large")
            .source(rule.source.clone()),
    )
}
