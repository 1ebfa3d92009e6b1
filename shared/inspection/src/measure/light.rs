//! Exposure and evenness of the light on the face, measured on the skin in the upright patch.

use super::stats;
use crate::colour::{self, Lab, Rgb};
use crate::head::Head;
use crate::landmark;
use crate::portrait::Portrait;

/// Relative luminance at and above which ISO/IEC 29794-5 counts a pixel as overexposed.
const OVEREXPOSED: f32 = 247.0 / 255.0;
/// Relative luminance at and below which ISO/IEC 29794-5 counts a pixel as underexposed.
const UNDEREXPOSED: f32 = 25.0 / 255.0;

/// How the face is lit.
#[derive(Debug, Clone, Copy, Default)]
pub struct Light {
    /// Mean relative luminance of the skin, 0 to 1.
    pub luminance: f32,
    /// Variance of the relative luminance of the skin.
    pub variance: f32,
    /// 98th percentile of the relative luminance of the whole patch, 0 to 1.
    pub highlight: f32,
    /// Share of the skin that is overexposed, 0 to 1.
    pub saturated: f32,
    /// Share of the skin that is underexposed, 0 to 1.
    pub shadow_clipped: f32,
    /// Entropy of the luminance histogram of the face, in bits.
    pub entropy: f32,
    /// Mean L* of the left cheek minus that of the right cheek.
    pub side_difference: f32,
    /// Mean colour of both cheeks.
    pub cheeks: Lab,
}

impl Light {
    /// Measures the light on the face.
    pub fn measure(portrait: &Portrait, head: &Head) -> Self {
        let (mut luminances, mut histogram) = (Vec::with_capacity(portrait.skin_indices.len()), [0u32; 256]);
        for &at in &portrait.face_indices {
            let luminance = colour::luminance(portrait.rgb(at));
            histogram[usize::from((luminance * 255.0) as u8)] += 1;
            luminances.extend(portrait.skin[at].then_some(luminance));
        }
        let (luminance, deviation) = stats::mean_deviation(luminances.iter().copied());
        // Every twelfth pixel is a sufficient sample.
        let patch = (0..portrait.inside.len()).step_by(12);
        let patch = patch.filter(|&at| portrait.inside[at]).map(|at| colour::luminance(portrait.rgb(at)));
        let [right, left] = cheeks(portrait, head);
        Self {
            luminance,
            variance: deviation * deviation,
            highlight: stats::quantile(patch, 0.98).unwrap_or(0.0),
            saturated: stats::share(&luminances, |&value| value >= OVEREXPOSED),
            shadow_clipped: stats::share(&luminances, |&value| value <= UNDEREXPOSED),
            entropy: entropy(histogram),
            side_difference: left.l - right.l,
            cheeks: Lab { l: (left.l + right.l) / 2.0, a: (left.a + right.a) / 2.0, b: (left.b + right.b) / 2.0 },
        }
    }
}

/// Mean colour of a square on each cheek, half way between eye and mouth, with a side of 0.3 eye distances
/// (ISO/IEC 39794-5, D.1.4.2.7): right, left.
fn cheeks(portrait: &Portrait, head: &Head) -> [Lab; 2] {
    let eyes = head.outline(&[
        landmark::EYE_CORNERS[0][0],
        landmark::EYE_CORNERS[0][1],
        landmark::EYE_CORNERS[1][0],
        landmark::EYE_CORNERS[1][1],
    ]);
    let mouth = head.outline(&[landmark::MOUTH_RIGHT, landmark::MOUTH_LEFT]);
    let right = [(eyes[0][0] + eyes[1][0]) / 2.0, (eyes[0][1] + eyes[1][1]) / 2.0];
    let left = [(eyes[2][0] + eyes[3][0]) / 2.0, (eyes[2][1] + eyes[3][1]) / 2.0];
    let half = (left[0] - right[0]).abs() * 0.15;
    let row = (right[1] + left[1]) / 4.0 + (mouth[0][1] + mouth[1][1]) / 4.0;
    [right[0], left[0]].map(|column| {
        let square = [
            [column - half, row - half],
            [column + half, row - half],
            [column + half, row + half],
            [column - half, row + half],
        ];
        mean(portrait.indices_within(&square).into_iter().map(|at| portrait.rgb(at)))
    })
}

/// Mean of colours, computed in linear light; black for no colours.
pub fn mean(colours: impl Iterator<Item = Rgb>) -> Lab {
    let (mut sum, mut count) = ([0.0f32; 3], 0.0f32);
    for rgb in colours {
        sum.iter_mut().zip(rgb).for_each(|(sum, code)| *sum += colour::linear(code));
        count += 1.0;
    }
    Lab::of_linear(sum.map(|sum| sum / count.max(1.0)))
}

/// Entropy in bits.
fn entropy(histogram: [u32; 256]) -> f32 {
    let count = histogram.iter().sum::<u32>() as f32;
    histogram
        .iter()
        .filter(|&&bin| bin > 0)
        .map(|&bin| {
            let share = bin as f32 / count;
            -share * share.log2()
        })
        .sum()
}
