//! Visible blocks: pixelated pictures, and pictures enlarged without smoothing.

use rules::finding::{Group, Limit, Policy};

use super::{Check, Judgement, Text};
use crate::inspection_context::InspectionContext;
use crate::colour;
use crate::measure::stats;

/// The check `image.blocks`.
pub static CHECK: Check = Check {
    code: "image.blocks",
    group: Group::Light,
    policy: Policy::Blocking,
    name_zh: "无马赛克",
    name_en: "No visible blocks",
    texts: &[Text {
        reason: "default",
        zh: "相片有明显的马赛克或色块",
        zh_hint: "请上传未经放大、未打码的原图",
        en: "The photo shows a mosaic or visible blocks",
        en_hint: "Upload the original, not an enlarged or pixelated copy",
    }],
    judge,
};

/// Mean luma step across the lines of the strongest regular grid, divided by the median step. Natural faces are below
/// 2.5 (calibrated).
const LIMIT: Limit = Limit::at_most(3.0);
const BAND: f64 = 1.5;
/// Grid periods that are searched, in picture pixels.
const PERIODS: std::ops::RangeInclusive<usize> = 5..=32;

fn judge(context: &InspectionContext<'_>) -> Option<Judgement> {
    let view = context.view.as_ref()?;
    let [x, y, w, h] = view.subject.as_ref()?.head.face.bounds;
    let clip = |value: f32, side: u32| value.max(0.0).min(side as f32) as u32;
    let (left, right) = (clip(x, view.picture.width), clip(x + w, view.picture.width));
    let (top, bottom) = (clip(y, view.picture.height), clip(y + h, view.picture.height));
    let line = |y: u32| -> Vec<f32> {
        let part = &view.picture.row(y)[left as usize * 3..right as usize * 3];
        part.as_chunks::<3>().0.iter().map(|&pixel| colour::luma(pixel)).collect()
    };
    let mut columns = vec![0.0; (right - left).saturating_sub(1) as usize];
    let mut rows = Vec::with_capacity((bottom - top) as usize);
    let mut above: Option<Vec<f32>> = None;
    for y in top..bottom {
        let line = line(y);
        let steps = line.iter().zip(line.iter().skip(1)).map(|(a, b)| (b - a).abs());
        columns.iter_mut().zip(steps).for_each(|(sum, step)| *sum += step);
        rows.extend(above.map(|above| line.iter().zip(above).map(|(a, b)| (a - b).abs()).sum::<f32>()));
        above = Some(line);
    }
    let strength = f64::from(grid(&columns)?.min(grid(&rows)?));
    Some(
        Judgement::measured(strength, "ratio", LIMIT, BAND)
            .region(context.face_region())
            .source("FICV-1.0 pixelation; Ministry of Finance photo tool: no enlarging; limit: calibrated"),
    )
}

/// The strongest regular grid in a profile of steps: its mean step divided by the median step.
fn grid(steps: &[f32]) -> Option<f32> {
    let median = stats::quantile(steps.iter().copied(), 0.5)?.max(1e-3);
    let strength = |period: usize| {
        let phases = (0..period).map(|phase| {
            let on_grid = steps.iter().skip(phase).step_by(period);
            on_grid.clone().sum::<f32>() / on_grid.count().max(1) as f32
        });
        phases.fold(0.0, f32::max)
    };
    // Fewer than six lines are not counted as a grid.
    PERIODS.filter(|period| steps.len() / period >= 6).map(strength).reduce(f32::max).map(|mean| mean / median)
}
