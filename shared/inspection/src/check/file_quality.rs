//! How strongly the JPEG is compressed: the IJG quality that its quantisation tables correspond to.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `file.quality`.
pub static CHECK: Check = Check {
    code: "file.quality",
    group: Group::File,
    policy: Policy::Blocking,
    name_zh: "压缩质量",
    name_en: "Compression quality",
    texts: &[Text {
        reason: "default",
        zh: "相片压缩过度（质量{measured}，应不低于{min}），画质受损",
        zh_hint: "请上传手机拍的原图，经聊天软件传图时勾选“原图”；超过 1 MB 可在上传页缩小",
        en: "The photo is compressed too strongly and has lost detail (quality {measured}, at least {min})",
        en_hint: "Upload the original (in chat apps send “original”); above 1 MB the upload page makes it smaller",
    }],
    judge,
};

/// GA 461 stores photos at quality 70; the Ministry of Education requires 60.
const LIMIT: Limit = Limit::at_least(60.0);
const BAND: f64 = 25.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let quality = context.file.ok()?.quality()?;
    Some(
        Judgement::measured(f64::from(quality), "level", LIMIT, BAND)
            .source("GA 461-2004: quality 70; Ministry of Education student photos: at least 60"),
    )
}
