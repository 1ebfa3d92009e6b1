//! The resolution tag of the upload. The standard photo carries the right one whatever the upload says.

use rules::finding::{Group, Limit, Policy, Verdict};

use super::{Check, Judgement, Text};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "file.density",
    group: Group::File,
    policy: Policy::Advisory,
    name_zh: "分辨率标记",
    name_en: "Resolution tag",
    texts: &[
        Text {
            reason: "default",
            zh: "分辨率标记为{measured}DPI，标准为{min}DPI；标准相片已自动修正",
            zh_hint: "无需处理",
            en: "The resolution tag says {measured} dpi instead of {min} dpi; the standard photo carries the right one",
            en_hint: "Nothing to do",
        },
    ],
    judge,
};

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let density = scene.file.ok()?.density?;
    let dpi = f64::from(scene.spec.dpi);
    let limit = Limit::between(dpi, dpi);
    // Most cameras write 72 or 96; that is worth no advice.
    let usual = [72.0, 96.0].contains(&density.x_dpi);
    let judgement = Judgement::measured(f64::from(density.x_dpi), "level", limit, f64::MAX).source("GA 461-2004: 350 dpi");
    Some(if usual { Judgement { verdict: Verdict::Pass, ..judgement } } else { judgement })
}
