//! A frame around the picture.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::image::Rgb8;
use crate::inspection_context::InspectionContext;
use crate::colour;
use crate::measure::stats;

/// The check `background.border`.
pub static CHECK: Check = Check {
    code: "background.border",
    group: Group::Background,
    policy: Policy::Blocking,
    name_zh: "无边框",
    name_en: "No frame",
    texts: &[Text {
        reason: "default",
        zh: "相片带有边框（约{measured}像素）",
        zh_hint: "请在手机相册裁掉四周的边框后保存，不要用截图",
        en: "The picture has a frame (about {measured} px)",
        en_hint: "Crop the frame away in the gallery of your phone and save it; do not use a screenshot",
    }],
    judge,
};

/// Rows or columns of one flat colour at the edge that end in a sharp step: the widest of the four sides.
const LIMIT: Limit = Limit::at_most(1.0);
/// Widest frame that is searched for, in picture pixels.
const MAX_WIDTH: u32 = 60;
/// Largest deviation within the frame and smallest step at its end, in code values.
const FLAT: f32 = 4.0;
const STEP: f32 = 24.0;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let picture = context.view.as_ref()?.picture;
    let sides = [Side::Top, Side::Bottom, Side::Left, Side::Right].map(|side| side.frame(picture));
    let framed = sides.iter().filter(|&&width| width > 0).count();
    // One flat edge can be plain background; a frame has at least three sides.
    let width = if framed >= 3 { sides.into_iter().max().unwrap_or(0) } else { 0 };
    Some(
        Judgement::measured(f64::from(width) / f64::from(context.scale()), "px", LIMIT, 0.0)
            .source("GA 461-2004: no border"),
    )
}

#[derive(Clone, Copy)]
enum Side {
    Top,
    Bottom,
    Left,
    Right,
}

impl Side {
    /// Width of the frame on this side in pixels; 0 without a frame.
    fn frame(self, picture: &Rgb8) -> u32 {
        let depth = match self {
            Self::Top | Self::Bottom => picture.height,
            Self::Left | Self::Right => picture.width,
        };
        let (first, mut width) = (self.mean_deviation(picture, 0), 0);
        while width < MAX_WIDTH.min(depth / 4) {
            let (mean, deviation) = self.mean_deviation(picture, width);
            if deviation > FLAT || (mean - first.0).abs() > FLAT {
                return if width > 0 && self.median_step(picture, width) > STEP { width } else { 0 };
            }
            width += 1;
        }
        0
    }

    /// Mean and standard deviation of the luma of one row or column, `depth` pixels from the edge.
    fn mean_deviation(self, picture: &Rgb8, depth: u32) -> (f32, f32) {
        stats::mean_deviation(self.lumas(picture, depth))
    }

    /// Median luma step between the last row or column of the frame and the next but one.
    fn median_step(self, picture: &Rgb8, depth: u32) -> f32 {
        let steps = self.lumas(picture, depth + 1).zip(self.lumas(picture, depth - 1));
        stats::quantile(steps.map(|(a, b)| (a - b).abs()), 0.5).unwrap_or(0.0)
    }

    fn lumas(self, picture: &Rgb8, depth: u32) -> impl Iterator<Item = f32> + '_ {
        let (width, height) = (picture.width, picture.height);
        let length = match self {
            Self::Top | Self::Bottom => width,
            Self::Left | Self::Right => height,
        };
        // Every third pixel is a sufficient sample.
        (length / 20..length - length / 20).step_by(3).map(move |along| {
            colour::luma(match self {
                Self::Top => picture.pixel(along, depth),
                Self::Bottom => picture.pixel(along, height - 1 - depth),
                Self::Left => picture.pixel(depth, along),
                Self::Right => picture.pixel(width - 1 - depth, along),
            })
        })
    }
}
