//! Sharpness of the face at the size it is printed, or at its own where that is smaller.

use crate::head::{Head, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use crate::image::Rgb8;
use crate::landmark;
use crate::locate::geometry::{Affine, Point};
use crate::measure::boxed::boxed;
use crate::measure::{colour, polygon};
use crate::portrait::Portrait;
use crate::render::resample;

/// Radii of the three blurs whose differences are the fine and the coarse band.
const RADII: [usize; 3] = [1, 2, 4];
/// Picture pixels for one of the upright patch from which the patch is as good as the picture.
const NEARLY_FULL: f32 = 0.95;

#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// Fine detail by coarse detail around eyes and lips, where every face has edges: a ratio, so that contrast and
    /// complexion cancel. Taken across and down, the lesser of both.
    pub fine: f32,
    /// Fine detail in the direction that has least of it by that in the direction that has most: small after motion.
    pub evenness: f32,
}

impl Detail {
    pub fn measure(picture: &Rgb8, portrait: &Portrait, head: &Head) -> Self {
        let own = head.frame.scale();
        if own >= NEARLY_FULL {
            let luma: Vec<[f32; 1]> = portrait.luma.iter().map(|&luma| [luma]).collect();
            return Self::of(&luma, Parts::of(head, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, 1.0));
        }
        // A small face has all its detail in few pixels. Enlarged it would look soft, whatever the focus was.
        let side = |length: usize| ((length as f32 * own).round() as usize).max(1);
        let (width, height) = (side(PORTRAIT_WIDTH), side(PORTRAIT_HEIGHT));
        let frame = Affine([1.0 / own, 0.0, 0.0, 0.0, 1.0 / own, 0.0]).then(&head.frame);
        let patch = resample::cut(picture, &frame, width as u32, height as u32);
        let luma: Vec<[f32; 1]> = patch.pixels.as_chunks::<3>().0.iter().map(|&pixel| [colour::luma(pixel)]).collect();
        Self::of(&luma, Parts::of(head, width, height, own))
    }

    fn of(luma: &[[f32; 1]], parts: Parts) -> Self {
        let Some(window) = Window::around(&parts) else { return Self::default() };
        let luma: Vec<[f32; 1]> = window.places(parts.width).map(|at| luma[at]).collect();
        let blur = |luma: &[[f32; 1]], radius| boxed(luma, window.width, window.height, radius);
        let first = blur(&luma, RADII[0]);
        let second = blur(&first, RADII[1]);
        let third = blur(&second, RADII[2]);
        let places: Vec<usize> = parts.places.iter().map(|&at| window.index(at, parts.width)).collect();
        let fine = Steps::measure(&places, window.width, &first, &second);
        let coarse = Steps::measure(&places, window.width, &second, &third);
        let ratio = |fine: f32, coarse: f32| (fine / coarse.max(1.0)).sqrt();
        Self { fine: ratio(fine.across, coarse.across).min(ratio(fine.down, coarse.down)), evenness: fine.evenness() }
    }
}

/// Eyes and lips in a patch, in reading order.
struct Parts {
    places: Vec<usize>,
    width: usize,
    height: usize,
}

impl Parts {
    /// `scale`: pixels of this patch for one of the upright patch.
    fn of(head: &Head, width: usize, height: usize, scale: f32) -> Self {
        let outlines = landmark::EYES.iter().map(|eye| polygon::scaled(&head.outline(eye), 1.6));
        let outlines = outlines.chain([polygon::scaled(&head.outline(&landmark::LIPS_OUTER), 1.3)]);
        let mut map = vec![false; width * height];
        for outline in outlines {
            let outline: Vec<Point> = outline.into_iter().map(|point| point.map(|at| at * scale)).collect();
            polygon::fill(&outline, width, height, |x, y| map[y * width + x] = true);
        }
        Self { places: (0..map.len()).filter(|&at| map[at]).collect(), width, height }
    }
}

/// The part of the patch that the blurs of all places draw on.
struct Window {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Window {
    /// `None` without places.
    fn around(parts: &Parts) -> Option<Self> {
        // The blurs follow each other, and a step looks one pixel back.
        let reach = RADII.iter().sum::<usize>() + 1;
        let ends = |of: &dyn Fn(usize) -> usize, side: usize| {
            let low = parts.places.iter().map(|&at| of(at)).min()?.saturating_sub(reach);
            let high = parts.places.iter().map(|&at| of(at)).max()? + reach + 1;
            Some((low, high.min(side) - low))
        };
        let (left, width) = ends(&|at| at % parts.width, parts.width)?;
        let (top, height) = ends(&|at| at / parts.width, parts.height)?;
        Some(Self { left, top, width, height })
    }

    /// The places of a patch so wide that lie under the window, in reading order.
    fn places(&self, patch_width: usize) -> impl Iterator<Item = usize> {
        let rows = self.top..self.top + self.height;
        let (left, right) = (self.left, self.left + self.width);
        rows.flat_map(move |row| row * patch_width + left..row * patch_width + right)
    }

    fn index(&self, at: usize, patch_width: usize) -> usize {
        (at / patch_width - self.top) * self.width + at % patch_width - self.left
    }
}

/// Energy of the steps between neighbours in one band: across, down, and their product.
struct Steps {
    across: f32,
    down: f32,
    both: f32,
}

impl Steps {
    fn measure(places: &[usize], width: usize, finer: &[[f32; 1]], coarser: &[[f32; 1]]) -> Self {
        let band = |at: usize| finer[at][0] - coarser[at][0];
        let mut steps = Self { across: 0.0, down: 0.0, both: 0.0 };
        for &at in places.iter().filter(|&&at| at > width) {
            let (x, y) = (band(at) - band(at - 1), band(at) - band(at - width));
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
