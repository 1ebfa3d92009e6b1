//! Sharpness of the face at the size at which it is printed, or at its own size where that is smaller.

use crate::box_filter::box_filter;
use crate::colour;
use crate::head::{Head, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use crate::image::Rgb8;
use crate::landmark;
use crate::locate::geometry::{Affine, Point};
use crate::polygon;
use crate::portrait::Portrait;
use crate::resample;

/// Radii of the three blurs whose differences are the fine and the coarse band.
const RADII: [usize; 3] = [1, 2, 4];
/// Picture pixels per pixel of the upright patch above which the patch has the full detail of the picture.
const NEARLY_FULL: f32 = 0.95;

/// Sharpness of the face.
#[derive(Debug, Clone, Copy, Default)]
pub struct Detail {
    /// Fine detail divided by coarse detail around eyes and lips, where every face has edges. A ratio does not depend
    /// on contrast and complexion. The smaller value of the horizontal and the vertical direction.
    pub fine: f32,
    /// Fine detail in the direction with the least detail divided by that in the direction with the most. Small with
    /// motion blur.
    pub evenness: f32,
}

impl Detail {
    /// Measures the detail on the upright patch, or on a smaller patch for a small face.
    pub fn measure(picture: &Rgb8, portrait: &Portrait, head: &Head) -> Self {
        let own = head.frame.scale();
        if own >= NEARLY_FULL {
            let luma: Vec<[f32; 1]> = portrait.luma.iter().map(|&luma| [luma]).collect();
            return Self::of(&luma, Parts::of(head, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, 1.0));
        }
        // Enlarging a small face would make it look blurred, independent of the focus.
        let side = |length: usize| ((length as f32 * own).round() as usize).max(1);
        let (width, height) = (side(PORTRAIT_WIDTH), side(PORTRAIT_HEIGHT));
        let frame = Affine([1.0 / own, 0.0, 0.0, 0.0, 1.0 / own, 0.0]).then(&head.frame);
        let patch = resample::cut(picture, &frame, width as u32, height as u32);
        let luma: Vec<[f32; 1]> = patch.pixels.as_chunks::<3>().0.iter().map(|&pixel| [colour::luma(pixel)]).collect();
        Self::of(&luma, Parts::of(head, width, height, own))
    }

    fn of(luma: &[[f32; 1]], parts: Parts) -> Self {
        let Some(window) = Window::around(&parts) else { return Self::default() };
        let luma: Vec<[f32; 1]> = window.indices(parts.width).map(|at| luma[at]).collect();
        let blur = |luma: &[[f32; 1]], radius| box_filter(luma, window.width, window.height, radius);
        let first = blur(&luma, RADII[0]);
        let second = blur(&first, RADII[1]);
        let third = blur(&second, RADII[2]);
        let indices: Vec<usize> = parts.indices.iter().map(|&at| window.index(at, parts.width)).collect();
        let fine = Steps::measure(&indices, window.width, &first, &second);
        let coarse = Steps::measure(&indices, window.width, &second, &third);
        let ratio = |fine: f32, coarse: f32| (fine / coarse.max(1.0)).sqrt();
        Self { fine: ratio(fine.across, coarse.across).min(ratio(fine.down, coarse.down)), evenness: fine.evenness() }
    }
}

/// Indices of the pixels of eyes and lips in a patch, ascending.
struct Parts {
    indices: Vec<usize>,
    width: usize,
    height: usize,
}

impl Parts {
    /// `scale`: pixels of this patch per pixel of the upright patch.
    fn of(head: &Head, width: usize, height: usize, scale: f32) -> Self {
        let outlines = landmark::EYES.iter().map(|eye| polygon::scaled(&head.outline(eye), 1.6));
        let outlines = outlines.chain([polygon::scaled(&head.outline(&landmark::LIPS_OUTER), 1.3)]);
        let mut map = vec![false; width * height];
        for outline in outlines {
            let outline: Vec<Point> = outline.into_iter().map(|point| point.map(|at| at * scale)).collect();
            polygon::fill(&outline, width, height, |x, y| map[y * width + x] = true);
        }
        Self { indices: (0..map.len()).filter(|&at| map[at]).collect(), width, height }
    }
}

/// The part of the patch that contributes to the blurred values of all indices.
struct Window {
    left: usize,
    top: usize,
    width: usize,
    height: usize,
}

impl Window {
    /// The smallest window; `None` without indices.
    fn around(parts: &Parts) -> Option<Self> {
        // The blurs are applied one after the other, and a step reads the previous pixel.
        let reach = RADII.iter().sum::<usize>() + 1;
        let ends = |of: &dyn Fn(usize) -> usize, side: usize| {
            let low = parts.indices.iter().map(|&at| of(at)).min()?.saturating_sub(reach);
            let high = parts.indices.iter().map(|&at| of(at)).max()? + reach + 1;
            Some((low, high.min(side) - low))
        };
        let (left, width) = ends(&|at| at % parts.width, parts.width)?;
        let (top, height) = ends(&|at| at / parts.width, parts.height)?;
        Some(Self { left, top, width, height })
    }

    /// Indices, in a patch of this width, of the pixels in the window, ascending.
    fn indices(&self, patch_width: usize) -> impl Iterator<Item = usize> {
        let rows = self.top..self.top + self.height;
        let (left, right) = (self.left, self.left + self.width);
        rows.flat_map(move |row| row * patch_width + left..row * patch_width + right)
    }

    fn index(&self, at: usize, patch_width: usize) -> usize {
        (at / patch_width - self.top) * self.width + at % patch_width - self.left
    }
}

/// Sums over the steps between neighbouring pixels of one frequency band: squared horizontal steps, squared vertical
/// steps, and their products (the structure tensor).
struct Steps {
    across: f32,
    down: f32,
    both: f32,
}

impl Steps {
    fn measure(indices: &[usize], width: usize, finer: &[[f32; 1]], coarser: &[[f32; 1]]) -> Self {
        let band = |at: usize| finer[at][0] - coarser[at][0];
        let mut steps = Self { across: 0.0, down: 0.0, both: 0.0 };
        for &at in indices.iter().filter(|&&at| at > width) {
            let (x, y) = (band(at) - band(at - 1), band(at) - band(at - width));
            steps.across += x * x;
            steps.down += y * y;
            steps.both += x * y;
        }
        steps
    }

    /// Ratio of the smaller to the larger eigenvalue of the structure tensor.
    fn evenness(&self) -> f32 {
        let half = (self.across + self.down) / 2.0;
        let spread = ((self.across - self.down) / 2.0).hypot(self.both);
        (half - spread).max(0.0) / (half + spread).max(1.0)
    }
}
