//! The subject's skin colour, measured on the parts of the face that are rarely covered.

use super::stats;
use crate::colour::Lab;
use crate::head::Head;
use crate::portrait::Portrait;

/// Landmarks around the bridge of the nose and the upper cheeks, between lower lids and nostrils.
const MIDDLE: [usize; 12] = [50, 117, 118, 119, 120, 6, 349, 348, 347, 346, 280, 4];

/// A skin colour and its spread.
#[derive(Debug, Clone, Copy, Default)]
pub struct Skin {
    /// Median of each component.
    pub median: Lab,
    /// Median CIE 1976 distance of the samples to the median colour.
    pub spread: f32,
}

impl Skin {
    /// Measures the skin around the bridge of the nose and on the upper cheeks.
    pub fn measure(portrait: &Portrait, head: &Head) -> Self {
        let middle = portrait.indices_within(&head.outline(&MIDDLE)).into_iter().filter(|&at| portrait.skin[at]);
        Self::of(middle.map(|at| Lab::of(portrait.rgb(at))))
    }

    /// Distance of a colour from this skin in hue and saturation. Shade, stubble and beards reduce the saturation, at
    /// most in proportion to the lightness; such a reduction does not count as a distance.
    pub fn hue_distance(&self, lab: Lab) -> f32 {
        let Lab { l, a, b } = self.median;
        let least = (lab.l / l.max(1.0)).min(1.0);
        let saturation = ((lab.a * a + lab.b * b) / (a * a + b * b).max(1e-3)).max(least).min(1.0);
        Lab { l: 0.0, a: lab.a - a * saturation, b: lab.b - b * saturation }.chroma()
    }

    /// Median colour and spread of any samples.
    pub fn of(samples: impl Iterator<Item = Lab>) -> Self {
        let labs: Vec<Lab> = samples.collect();
        let pick = |of: fn(&Lab) -> f32| stats::quantile(labs.iter().map(of), 0.5).unwrap_or(0.0);
        let median = Lab { l: pick(|lab| lab.l), a: pick(|lab| lab.a), b: pick(|lab| lab.b) };
        let distances = labs.iter().map(|lab| lab.distance(median));
        Self { median, spread: stats::quantile(distances, 0.5).unwrap_or(0.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hue_distance_is_zero_for_shaded_skin_and_large_for_a_white_mask() {
        let skin = Skin { median: Lab { l: 40.0, a: 20.0, b: 28.0 }, spread: 4.0 };
        assert!(skin.hue_distance(Lab { l: 20.0, a: 10.0, b: 14.0 }) < 1e-3);
        assert!(skin.hue_distance(Lab { l: 20.0, a: 18.0, b: 25.2 }) < 1e-3);
        assert!(skin.hue_distance(Lab { l: 90.0, a: 0.0, b: 0.0 }) > 30.0);
        assert!(skin.hue_distance(Lab { l: 40.0, a: 0.0, b: -20.0 }) > 50.0);
    }
}
