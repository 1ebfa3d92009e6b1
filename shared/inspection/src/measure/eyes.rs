//! Openness of the eyes, from the lid rims of the iris network: the face mesh alone draws open eyes on closed ones.

use crate::head::Head;
use crate::locate::Eye;
use crate::locate::geometry::distance;

/// Corners of the lid rims, and the pairs of lower and upper rim points between them.
const CORNERS: [usize; 2] = [0, 8];
const PAIRS: [[usize; 2]; 7] = [[1, 9], [2, 10], [3, 11], [4, 12], [5, 13], [6, 14], [7, 15]];

/// Largest lid gap by eye width of the more closed eye; `None` when no eye was measured.
pub fn opening(head: &Head) -> Option<f32> {
    head.mesh.eyes.iter().flatten().map(|eye| gap(eye) / width(eye)).reduce(f32::min)
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
