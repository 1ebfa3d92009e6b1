//! The resolution tag of the upload. The standard photo always gets the correct tag.

use rules::finding::{Group, Limit, Policy, Verdict};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;

/// The check `file.density`.
pub static CHECK: Check = Check {
    code: "file.density",
    group: Group::File,
    policy: Policy::Advisory,
    name_zh: "分辨率标记",
    name_en: "Resolution tag",
    texts: &[Text {
        reason: "default",
        zh: "相片标注的打印精度为{measured}DPI（标准{min}DPI），标准相片会自动改好",
        zh_hint: "不影响结果，无需处理",
        en: "The file says {measured} dpi instead of {min} dpi; the standard photo gets this right by itself",
        en_hint: "This does not matter; nothing to do",
    }],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let density = context.file.ok()?.density?;
    let dpi = f64::from(context.spec.dpi);
    let limit = Limit::between(dpi, dpi);
    // Most cameras write 72 or 96: no advice is needed.
    let usual = [72.0, 96.0].contains(&density.x_dpi);
    let judgement =
        Judgement::measured(f64::from(density.x_dpi), "level", limit, f64::MAX).source("GA 461-2004: 350 dpi");
    Some(if usual { Judgement { verdict: Verdict::Pass, ..judgement } } else { judgement })
}
