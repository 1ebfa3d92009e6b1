//! A frame around the picture.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::image::Rgb8;
use crate::measure::{colour, stats};
use crate::scene::Scene;

pub static CHECK: Check = Check {
    code: "background.border",
    group: Group::Background,
    policy: Policy::Blocking,
    name_zh: "无边框",
    name_en: "No frame",
    texts: &[
        Text {
            reason: "default",
            zh: "相片带有边框（约{measured}像素）",
            zh_hint: "请在手机相册裁掉四周的边框后保存，不要用截图",
            en: "The picture has a frame (about {measured} px)",
            en_hint: "Crop the frame away in the gallery of your phone and save it; do not use a screenshot",
        },
    ],
    judge,
};

/// Rows or columns of one flat colour at the edge that end in a sharp step.
const LIMIT: Limit = Limit::at_most(1.0);
const MOST: u32 = 60;
/// Flatness within the frame and step at its end, in code values.
const FLAT: f32 = 4.0;
const STEP: f32 = 24.0;

fn judge(scene: &Scene<'_>) -> Option<Judgement> {
    let picture = scene.view.as_ref()?.picture;
    let sides = [Side::Top, Side::Bottom, Side::Left, Side::Right].map(|side| side.frame(picture));
    let framed = sides.iter().filter(|&&width| width > 0).count();
    // One bright edge is a wall; a frame runs around.
    let width = if framed >= 3 { sides.into_iter().max().unwrap_or(0) } else { 0 };
    Some(
        Judgement::measured(f64::from(width) / f64::from(scene.scale()), "px", LIMIT, 0.0)
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
    /// Width of the frame on this side; 0 without one.
    fn frame(self, picture: &Rgb8) -> u32 {
        let depth = match self {
            Self::Top | Self::Bottom => picture.height,
            Self::Left | Self::Right => picture.width,
        };
        let (first, mut width) = (self.line(picture, 0), 0);
        while width < MOST.min(depth / 4) {
            let (mean, deviation) = self.line(picture, width);
            if deviation > FLAT || (mean - first.0).abs() > FLAT {
                return if width > 0 && self.line_step(picture, width) > STEP { width } else { 0 };
            }
            width += 1;
        }
        0
    }

    fn line(self, picture: &Rgb8, depth: u32) -> (f32, f32) {
        stats::mean_deviation(self.lumas(picture, depth))
    }

    /// Median step between the last line of the frame and the first behind it.
    fn line_step(self, picture: &Rgb8, depth: u32) -> f32 {
        let lines = self.lumas(picture, depth + 1).zip(self.lumas(picture, depth - 1));
        stats::quantile(lines.map(|(a, b)| (a - b).abs()), 0.5).unwrap_or(0.0)
    }

    fn lumas(self, picture: &Rgb8, depth: u32) -> impl Iterator<Item = f32> + '_ {
        let (width, height) = (picture.width, picture.height);
        let length = match self {
            Self::Top | Self::Bottom => width,
            Self::Left | Self::Right => height,
        };
        // Every third pixel tells as much as all of them.
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
