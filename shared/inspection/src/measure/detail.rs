//! Sharpness of the face at the size it is printed.

use super::sharpness::{blurred, laplacian_energy};
use crate::head::PORTRAIT_WIDTH;
use crate::portrait::Portrait;

/// Energy of the finest detail that an in-focus portrait keeps after one more small blur, by its own energy; a photo
/// that is already soft loses little to a further blur.
const SOFT: f32 = 0.25;
/// Laplacian energy per squared contrast of the face of a portrait in focus.
const SHARP_ENERGY: f32 = 0.02;

/// 0 no detail, 1 a portrait in focus, more for crisp ones.
pub fn detail(portrait: &Portrait) -> f32 {
    let inside = |at: usize| portrait.face[at] && portrait.inside[at];
    let sharp = laplacian_energy(&portrait.luma, PORTRAIT_WIDTH, inside);
    let soft = laplacian_energy(&blurred(&portrait.luma, PORTRAIT_WIDTH), PORTRAIT_WIDTH, inside);
    let contrast = contrast(portrait).max(100.0);
    let energy = (sharp / contrast / SHARP_ENERGY).sqrt();
    let lost = (1.0 - soft / sharp.max(1e-3)) / (1.0 - SOFT);
    energy * lost.clamp(0.0, 1.0)
}

/// Variance of the luma of the face.
fn contrast(portrait: &Portrait) -> f32 {
    let values = (0..portrait.luma.len()).filter(|&at| portrait.face[at]).map(|at| portrait.luma[at]);
    let (_, deviation) = super::stats::mean_deviation(values);
    deviation * deviation
}
