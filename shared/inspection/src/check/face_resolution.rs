//! Distance between the eyes on the upload: below the limit the face has too few pixels for any certificate.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::measure::ofiq;

/// The check `face.resolution`.
pub static CHECK: Check = Check {
    code: "face.resolution",
    group: Group::Face,
    policy: Policy::Advisory,
    name_zh: "人脸分辨率",
    name_en: "Resolution of the face",
    texts: &[Text {
        reason: "default",
        zh: "脸部像素不足，可能不清晰（两眼相距{measured}像素，应不少于{min}像素）",
        zh_hint: "请用后置镜头拍近一些（可放大到2倍），或上传未经缩小的原图",
        en: "The face may lack detail (the eyes are {measured} px apart, at least {min} px are needed)",
        en_hint: "Use the back camera closer up (2x zoom is fine), or upload the original instead of a reduced copy",
    }],
    judge,
};

/// ISO/IEC 19794-5 requires 90 px; the geometry of GA 461 results in 93 px.
const LIMIT: Limit = Limit::at_least(90.0);
const BAND: f64 = 15.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let head = &context.subject()?.head;
    let distance = f64::from(head.between_eyes() / context.scale() / head.yaw_deg.to_radians().cos().max(0.5));
    Some(
        Judgement::measured(distance, "px", LIMIT, BAND)
            .region(context.eyes_region())
            .source("ISO/IEC 19794-5: 90 px between the eyes")
            .ofiq(ofiq::inter_eye_distance(distance)),
    )
}
