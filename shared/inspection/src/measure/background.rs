//! Colour and evenness of the background, measured on the pure background of the upright patch.

use super::stats;
use crate::colour::Lab;
use crate::head::PORTRAIT_WIDTH;
use crate::portrait::Portrait;

/// Smallest number of background samples: one percent of the samples. Every second pixel of every second row is
/// sampled.
const ENOUGH: usize = 400;

/// Colour and evenness of the background.
#[derive(Debug, Clone)]
pub struct Background {
    /// Median of the darkest channel, 0 to 255.
    pub level: f32,
    /// 5th percentile of the darkest channel, 0 to 255.
    pub level_low: f32,
    /// Median chroma, C*.
    pub chroma: f32,
    /// Standard deviation of L*.
    pub spread: f32,
    /// Median colour.
    pub median: Lab,
    /// Range in L* of the plane that fits the background best (least squares): horizontal plus vertical.
    pub slope: f32,
    /// Share of the patch that is background.
    pub share: f32,
}

impl Background {
    /// Measures the background; `None` when too little of it is visible.
    pub fn measure(portrait: &Portrait, background: &[bool]) -> Option<Self> {
        let rows = (0..background.len()).step_by(2 * PORTRAIT_WIDTH);
        let indices = rows.flat_map(|row| (row..row + PORTRAIT_WIDTH).step_by(2)).filter(|&at| background[at]);
        let indices: Vec<usize> = indices.collect();
        if indices.len() < ENOUGH {
            return None;
        }
        let labs: Vec<Lab> = indices.iter().map(|&at| Lab::of(portrait.rgb(at))).collect();
        let darkest = indices.iter().map(|&at| f32::from(portrait.rgb(at).into_iter().min().unwrap_or(0)));
        let pick = |of: fn(&Lab) -> f32| stats::quantile(labs.iter().map(of), 0.5).unwrap_or(0.0);
        let median = Lab { l: pick(|lab| lab.l), a: pick(|lab| lab.a), b: pick(|lab| lab.b) };
        let (_, spread) = stats::mean_deviation(labs.iter().map(|lab| lab.l));
        Some(Self {
            level: stats::quantile(darkest.clone(), 0.5)?,
            level_low: stats::quantile(darkest, 0.05)?,
            chroma: pick(|lab| lab.chroma()),
            spread,
            median,
            slope: slope(&indices, &labs),
            share: indices.len() as f32 / (background.len() / 4) as f32,
        })
    }
}

/// Range in L* of the plane that fits the samples best (least squares).
fn slope(indices: &[usize], labs: &[Lab]) -> f32 {
    let count = indices.len() as f64;
    let position = |at: usize| ((at % PORTRAIT_WIDTH) as f64, (at / PORTRAIT_WIDTH) as f64);
    let (mut mx, mut my, mut ml) = (0.0, 0.0, 0.0);
    for (&at, lab) in indices.iter().zip(labs) {
        let (x, y) = position(at);
        (mx, my, ml) = (mx + x / count, my + y / count, ml + f64::from(lab.l) / count);
    }
    let (mut xx, mut xy, mut yy, mut xl, mut yl) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    for (&at, lab) in indices.iter().zip(labs) {
        let (x, y) = position(at);
        let (dx, dy, dl) = (x - mx, y - my, f64::from(lab.l) - ml);
        (xx, xy, yy, xl, yl) = (xx + dx * dx, xy + dx * dy, yy + dy * dy, xl + dx * dl, yl + dy * dl);
        low = (low.0.min(x), low.1.min(y));
        high = (high.0.max(x), high.1.max(y));
    }
    let determinant = xx * yy - xy * xy;
    if determinant.abs() < 1e-6 {
        return 0.0;
    }
    let (a, b) = ((xl * yy - yl * xy) / determinant, (yl * xx - xl * xy) / determinant);
    ((a * (high.0 - low.0)).abs() + (b * (high.1 - low.1)).abs()) as f32
}
