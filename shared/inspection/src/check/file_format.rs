//! The file is a JPEG that can be decoded completely.

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::codec::DecodeError;
use crate::inspection_context::InspectionContext;

/// The check `file.format`.
pub static CHECK: Check = Check {
    code: "file.format",
    group: Group::File,
    policy: Policy::Blocking,
    name_zh: "图片格式",
    name_en: "File format",
    texts: &[
        Text {
            reason: "not-a-jpeg",
            zh: "图片格式不正确，仅支持JPG/JPEG",
            zh_hint: "苹果手机请在“设置－相机－格式”选“兼容性最佳”后重拍；不要用截图，也不要只改文件名",
            en: "The file is not a JPEG; only JPG and JPEG are accepted",
            en_hint: "On an iPhone choose Settings, Camera, Formats, Most Compatible and take it again; a screenshot or a new file name does not help",
        },
        Text {
            reason: "empty",
            zh: "文件是空的",
            zh_hint: "请重新选择相片上传",
            en: "The file is empty",
            en_hint: "Choose the photo again",
        },
        Text {
            reason: "truncated",
            zh: "相片文件不完整，可能没有传完",
            zh_hint: "请重新传输或重新保存原图后上传",
            en: "The file is incomplete; perhaps it was not transferred to its end",
            en_hint: "Copy or save the original again and upload it",
        },
        Text {
            reason: "corrupt",
            zh: "相片文件已损坏，无法读取",
            zh_hint: "请换一张相片，或重新拍摄后上传",
            en: "The file is damaged and cannot be read",
            en_hint: "Choose another photo or take it again",
        },
        Text {
            reason: "unsupported",
            zh: "这张JPG的保存方式比较特殊，系统无法读取",
            zh_hint: "请在手机相册中打开，稍作裁剪后另存再上传，或重新拍摄",
            en: "This JPG was saved in an unusual way and cannot be read",
            en_hint: "Open it in the gallery of your phone, crop it slightly and save a copy, or take the photo again",
        },
    ],
    judge,
};

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let source = "user manual, section 2; GA 461-2004: JPEG (ISO/IEC 10918-1)";
    let reason = match context.file {
        Ok(_) => return Some(Judgement::pass().source(source)),
        Err(DecodeError::NotAJpeg { .. }) => "not-a-jpeg",
        Err(DecodeError::Empty) => "empty",
        Err(DecodeError::Truncated) => "truncated",
        Err(DecodeError::Unsupported(_)) => "unsupported",
        Err(DecodeError::TooLargeFile { .. } | DecodeError::TooManyPixels { .. } | DecodeError::ColourMode(_)) => {
            return None;
        }
        Err(_) => "corrupt",
    };
    Some(Judgement::fail(reason).source(source))
}
