//! The subject's own skin colour, from the parts of the face that are least often covered.

use super::colour::Lab;
use super::stats;
use crate::head::Head;
use crate::portrait::{self, Portrait};

/// Landmarks around the bridge of the nose and the upper cheeks, between lower lids and nostrils.
const MIDDLE: [usize; 12] = [50, 117, 118, 119, 120, 6, 349, 348, 347, 346, 280, 4];

#[derive(Debug, Clone, Copy, Default)]
pub struct Skin {
    pub median: Lab,
    /// Half of the skin lies within this distance of the median.
    pub spread: f32,
}

impl Skin {
    pub fn measure(portrait: &Portrait, head: &Head) -> Self {
        let middle = portrait::region(&head.outline(&MIDDLE));
        Self::of(portrait.colours(|at| middle[at] && portrait.skin[at] && portrait.inside[at]).map(Lab::of))
    }

    /// Median colour and spread of any samples.
    pub fn of(samples: impl Iterator<Item = Lab>) -> Self {
        let labs: Vec<Lab> = samples.collect();
        let pick =
            |of: fn(&Lab) -> f32| stats::quantile(&mut labs.iter().map(of).collect::<Vec<_>>(), 0.5).unwrap_or(0.0);
        let median = Lab { l: pick(|lab| lab.l), a: pick(|lab| lab.a), b: pick(|lab| lab.b) };
        let mut distances: Vec<f32> = labs.iter().map(|lab| lab.distance(median)).collect();
        Self { median, spread: stats::quantile(&mut distances, 0.5).unwrap_or(0.0) }
    }
}
