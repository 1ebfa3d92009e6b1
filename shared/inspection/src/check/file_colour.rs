//! Three colour components of eight bits, and a picture that is not grey.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::codec::{ColourMode, DecodeError};
use crate::inspection_context::InspectionContext;

/// The check `file.colour`.
pub static CHECK: Check = Check {
    code: "file.colour",
    group: Group::File,
    policy: Policy::Blocking,
    name_zh: "彩色相片",
    name_en: "Colour photo",
    texts: &[
        Text {
            reason: "mode",
            zh: "相片是印刷用的颜色格式（如CMYK），无法使用",
            zh_hint: "请用手机重新拍摄，或请照相馆另存为普通彩色JPG（RGB）",
            en: "The photo has colours for printing (CMYK, for example) and cannot be used",
            en_hint: "Take it again with a phone, or ask the studio for an ordinary colour JPG (RGB)",
        },
        Text {
            reason: "grey",
            zh: "相片是黑白的",
            zh_hint: "请关闭黑白滤镜重新拍摄，上传彩色相片",
            en: "The photo is black and white",
            en_hint: "Turn the black-and-white filter off and upload a colour photo",
        },
    ],
    judge,
};

/// Mean difference between the largest and the smallest channel below which a picture counts as grey.
const GREY_BELOW: f64 = 1.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let source = "GA 461-2004: 24-bit RGB";
    match context.file {
        Err(DecodeError::ColourMode(_)) => return Some(Judgement::fail("mode").source(source)),
        Err(_) => return None,
        Ok(header) if header.colour == ColourMode::Grey => return Some(Judgement::fail("grey").source(source)),
        Ok(_) => {}
    }
    let pixels = &context.view.as_ref()?.picture.pixels;
    // Every 16th pixel is a sufficient sample.
    let spread = pixels.chunks_exact(3).step_by(16).map(|p| {
        let (low, high) = (p[0].min(p[1]).min(p[2]), p[0].max(p[1]).max(p[2]));
        u64::from(high - low)
    });
    let (sum, count) = spread.fold((0, 0u64), |(sum, count), value| (sum + value, count + 1));
    let mean = sum as f64 / count.max(1) as f64;
    let colourful = Judgement::measured(mean, "level", Limit::at_least(GREY_BELOW), 0.0);
    Some(Judgement { reason: "grey", ..colourful }.source(source))
}
