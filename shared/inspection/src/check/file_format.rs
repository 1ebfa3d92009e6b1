//! Is the file a JPEG that decodes to its end?

use rules::finding::{Group, Policy};

use super::{Check, Judgement, Text};
use crate::codec::DecodeError;
use crate::scene::Scene;

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
            zh_hint: "请用手机或相机直接拍摄并以JPG格式保存后上传，不要只改文件后缀",
            en: "The file is not a JPEG",
            en_hint: "Save the photo as JPG with your phone or camera; renaming the file is not enough",
        },
        Text {
            reason: "empty",
            zh: "文件是空的",
            zh_hint: "请重新选择照片上传",
            en: "The file is empty",
            en_hint: "Choose the photo again",
        },
        Text {
            reason: "truncated",
            zh: "照片文件不完整，可能没有传完",
            zh_hint: "请重新传输或重新保存原图后上传",
            en: "The file ends before the picture does",
            en_hint: "Copy or save the original again and upload it",
        },
        Text {
            reason: "corrupt",
            zh: "照片文件已损坏，无法读取",
            zh_hint: "请重新导出或重新拍摄后上传",
            en: "The file is damaged and cannot be read",
            en_hint: "Export or take the photo again",
        },
        Text {
            reason: "unsupported",
            zh: "不支持这种JPEG编码方式",
            zh_hint: "请用普通JPG格式（8位、标准压缩）重新保存",
            en: "This kind of JPEG is not supported",
            en_hint: "Save the photo again as an ordinary 8-bit JPG",
        },
    ],
    judge,
};

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let source = "user manual, section 2; GA 461-2004: JPEG (ISO/IEC 10918-1)";
    let reason = match scene.file {
        Ok(_) => return Some(Judgement::pass().source(source)),
        Err(DecodeError::NotAJpeg { .. }) => "not-a-jpeg",
        Err(DecodeError::Empty) => "empty",
        Err(DecodeError::Truncated) => "truncated",
        Err(DecodeError::Unsupported(_)) => "unsupported",
        Err(DecodeError::TooLargeFile { .. } | DecodeError::TooManyPixels { .. } | DecodeError::ColourMode(_)) => return None,
        Err(_) => "corrupt",
    };
    Some(Judgement::fail(reason).source(source))
}
