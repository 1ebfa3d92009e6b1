//! Openness of the eyes, from the lid edges of the iris network. The face mesh is not used, because it shows closed
//! eyes as open.

use crate::head::Head;
use crate::locate::Eye;
use crate::locate::geometry::{Point, distance};

/// Contour indices of the eye's corners, and the pairs of lower and upper lid points between them.
const CORNERS: [usize; 2] = [0, 8];
const PAIRS: [[usize; 2]; 7] = [[1, 9], [2, 10], [3, 11], [4, 12], [5, 13], [6, 14], [7, 15]];

/// Height of the upper lid above the line between the corners, divided by the eye width, of the more closed eye; `None`
/// when no eye was measured. The lid of a shut eye is on that line or below it, whereas the gap that the network
/// reports between the lids of a shut eye can be a third of that of an open eye.
pub fn lid_height(head: &Head) -> Option<f32> {
    let height = |(eye, side): (&Option<Eye>, f32)| {
        let eye = eye.as_ref()?;
        let [from, to] = CORNERS.map(|corner| eye.contour[corner]);
        let along = [(to[0] - from[0]) / width(eye), (to[1] - from[1]) / width(eye)];
        let above = |point: Point| (point[0] - from[0]) * along[1] - (point[1] - from[1]) * along[0];
        let upper = PAIRS.map(|[_, up]| above(eye.contour[up]));
        Some(side * upper.iter().sum::<f32>() / upper.len() as f32 / width(eye))
    };
    // The lids run from the outer corner to the inner one: to the right in the picture for the right eye, to the left
    // for the left eye.
    head.mesh.eyes.iter().zip([1.0, -1.0]).filter_map(height).reduce(f32::min)
}

/// Largest gap between the lids of the more closed eye, in picture pixels; `None` when no eye was measured.
pub fn smallest_gap(head: &Head) -> Option<f32> {
    head.mesh.eyes.iter().flatten().map(gap).reduce(f32::min)
}

fn gap(eye: &Eye) -> f32 {
    PAIRS.iter().map(|&[low, up]| distance(eye.contour[low], eye.contour[up])).fold(0.0, f32::max)
}

fn width(eye: &Eye) -> f32 {
    distance(eye.contour[CORNERS[0]], eye.contour[CORNERS[1]]).max(1.0)
}
