//! Width and height of the upload, after its EXIF orientation.

use rules::finding::{Group, Limit, Policy, Verdict};

use super::{Check, Judgement, Text};
use crate::codec::{DecodeError, Limits};
use crate::inspection_context::InspectionContext;

/// The check `file.pixels`.
pub static CHECK: Check = Check {
    code: "file.pixels",
    group: Group::File,
    policy: Policy::Blocking,
    name_zh: "像素尺寸",
    name_en: "Pixel size",
    texts: &[
        Text {
            reason: "too-narrow",
            zh: "相片宽度{measured}像素，不得小于{min}像素",
            zh_hint: "请用手机重新拍摄，或上传更大的原图；不要放大小图",
            en: "The picture is {measured} px wide, at least {min} px are needed",
            en_hint: "Take it again with a phone or upload a larger original; do not enlarge a small picture",
        },
        Text {
            reason: "too-low",
            zh: "相片高度{measured}像素，不得小于{min}像素",
            zh_hint: "请用手机重新拍摄，或上传更大的原图；不要放大小图",
            en: "The picture is {measured} px high, at least {min} px are needed",
            en_hint: "Take it again with a phone or upload a larger original; do not enlarge a small picture",
        },
        Text {
            reason: "too-many",
            zh: "相片像素过多（宽{measured}像素）",
            zh_hint: "请关闭相机的高像素模式后重拍，或缩小到每边4000像素以内",
            en: "The picture has too many pixels ({measured} px wide)",
            en_hint: "Turn the high-resolution mode of the camera off and take it again, or reduce it to at most 4000 px a side",
        },
    ],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let source = "user manual, section 2, table of sizes";
    let header = match context.file {
        Ok(header) => header,
        Err(DecodeError::TooManyPixels { width, .. }) => {
            let limit = Limit::at_most(f64::from(Limits::default().side_px));
            let measured = Judgement::measured(f64::from(*width), "px", limit, 0.0);
            return Some(Judgement {
                limit: Some(limit),
                measured: measured.measured,
                unit: "px",
                ..Judgement::fail("too-many")
            });
        }
        Err(_) => return None,
    };
    let (width, height) = header.upright_size();
    let side = |value: u32, least: u32, reason: &'static str| {
        let mut judgement =
            Judgement::measured(f64::from(value), "px", Limit::at_least(f64::from(least)), 0.0).source(source);
        judgement.reason = reason;
        judgement
    };
    let (wide, high) =
        (side(width, context.spec.width_px, "too-narrow"), side(height, context.spec.height_px, "too-low"));
    Some(if high.verdict == Verdict::Fail && wide.verdict == Verdict::Pass { high } else { wide })
}
