//! How hard the JPEG was compressed: the IJG quality its quantisation tables stand for.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "file.quality",
    group: Group::File,
    policy: Policy::Blocking,
    name_zh: "压缩质量",
    name_en: "Compression quality",
    texts: &[
        Text {
            reason: "default",
            zh: "照片压缩过度（质量{measured}，应不低于{min}），画质受损",
            zh_hint: "请上传相机或手机拍摄的原图，不要经聊天软件压缩",
            en: "The photo is compressed too hard (quality {measured}, at least {min})",
            en_hint: "Upload the original; chat apps compress pictures",
        },
    ],
    judge,
};

/// GA 461 itself stores at quality 70; the Ministry of Education asks for 60.
const LIMIT: Limit = Limit::at_least(60.0);
const BAND: f64 = 25.0;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let quality = scene.file.ok()?.quality()?;
    Some(
        Judgement::measured(f64::from(quality), "level", LIMIT, BAND)
            .source("GA 461-2004: quality 70; Ministry of Education student photos: at least 60"),
    )
}
