//! Sharpness of the face at the size it is printed.

use crate::head::{Head, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use crate::landmark;
use crate::measure::polygon;
use crate::portrait::{self, Portrait};
use crate::render::whiten::boxed;

/// Radii of the three blurs whose differences are the fine and the coarse band.
const RADII: [usize; 3] = [1, 2, 4];

#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// Fine detail by coarse detail around eyes and lips, where every face has edges: a ratio, so that contrast and
    /// complexion cancel. Taken across and down, the lesser of both.
    pub fine: f32,
    /// Fine detail in the direction that has least of it by that in the direction that has most: small after motion.
    pub evenness: f32,
}

impl Detail {
    pub fn measure(portrait: &Portrait, head: &Head) -> Self {
        let blur = |luma: &[f32], radius| boxed(luma, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, radius);
        let first = blur(&portrait.luma, RADII[0]);
        let second = blur(&first, RADII[1]);
        let third = blur(&second, RADII[2]);
        let places: Vec<usize> = parts(head);
        let fine = Steps::measure(&places, &first, &second);
        let coarse = Steps::measure(&places, &second, &third);
        let ratio = |fine: f32, coarse: f32| (fine / coarse.max(1.0)).sqrt();
        Self { fine: ratio(fine.across, coarse.across).min(ratio(fine.down, coarse.down)), evenness: fine.evenness() }
    }
}

/// Energy of the steps between neighbours in one band: across, down, and their product.
struct Steps {
    across: f32,
    down: f32,
    both: f32,
}

impl Steps {
    fn measure(places: &[usize], finer: &[f32], coarser: &[f32]) -> Self {
        let band = |at: usize| finer[at] - coarser[at];
        let mut steps = Self { across: 0.0, down: 0.0, both: 0.0 };
        for &at in places.iter().filter(|&&at| at > PORTRAIT_WIDTH) {
            let (x, y) = (band(at) - band(at - 1), band(at) - band(at - PORTRAIT_WIDTH));
            steps.across += x * x;
            steps.down += y * y;
            steps.both += x * y;
        }
        steps
    }

    /// Ratio of the lesser to the greater eigenvalue of the structure tensor.
    fn evenness(&self) -> f32 {
        let half = (self.across + self.down) / 2.0;
        let spread = ((self.across - self.down) / 2.0).hypot(self.both);
        (half - spread).max(0.0) / (half + spread).max(1.0)
    }
}

/// Places in the patch, in reading order.
fn parts(head: &Head) -> Vec<usize> {
    let mut map = vec![false; PORTRAIT_WIDTH * PORTRAIT_HEIGHT];
    let outlines = landmark::EYES.iter().map(|eye| polygon::scaled(&head.outline(eye), 1.6));
    let outlines = outlines.chain([polygon::scaled(&head.outline(&landmark::LIPS_OUTER), 1.3)]);
    for outline in outlines {
        for (at, inside) in portrait::region(&outline).into_iter().enumerate() {
            map[at] |= inside;
        }
    }
    (0..map.len()).filter(|&at| map[at]).collect()
}
