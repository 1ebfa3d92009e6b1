//! Openness of the eyes, from the lid rims of the iris network: the face mesh alone draws open eyes on closed ones.

use crate::head::Head;
use crate::locate::Eye;
use crate::locate::geometry::{Point, distance};

/// Corners of the lid rims, and the pairs of lower and upper rim points between them.
const CORNERS: [usize; 2] = [0, 8];
const PAIRS: [[usize; 2]; 7] = [[1, 9], [2, 10], [3, 11], [4, 12], [5, 13], [6, 14], [7, 15]];

/// How far the upper lid stands above the line between the corners of the more closed eye, by eye width; `None` when no eye
/// was measured. A shut lid hangs on that line or below it, while the gap that the network draws between the rims of a shut
/// eye may still be a third of an open one.
pub fn lid_height(head: &Head) -> Option<f32> {
    let height = |(eye, side): (&Option<Eye>, f32)| {
        let eye = eye.as_ref()?;
        let [from, to] = CORNERS.map(|corner| eye.contour[corner]);
        let along = [(to[0] - from[0]) / width(eye), (to[1] - from[1]) / width(eye)];
        let above = |point: Point| (point[0] - from[0]) * along[1] - (point[1] - from[1]) * along[0];
        let upper = PAIRS.map(|[_, up]| above(eye.contour[up]));
        Some(side * upper.iter().sum::<f32>() / upper.len() as f32 / width(eye))
    };
    // The rims run from the outer corner to the inner one: rightwards on the right eye as seen, leftwards on the left eye.
    head.mesh.eyes.iter().zip([1.0, -1.0]).filter_map(height).reduce(f32::min)
}

/// Largest lid gap of the more closed eye in picture pixels.
pub fn smallest_gap(head: &Head) -> Option<f32> {
    head.mesh.eyes.iter().flatten().map(gap).reduce(f32::min)
}

fn gap(eye: &Eye) -> f32 {
    PAIRS.iter().map(|&[low, up]| distance(eye.contour[low], eye.contour[up])).fold(0.0, f32::max)
}

fn width(eye: &Eye) -> f32 {
    distance(eye.contour[CORNERS[0]], eye.contour[CORNERS[1]]).max(1.0)
}
