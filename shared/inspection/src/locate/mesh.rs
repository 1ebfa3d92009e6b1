//! Measures the 468 landmarks of MediaPipe's face mesh.

use super::geometry::{Affine, Point, direction, midpoint};
use super::warp::{Outside, Range, warp};
use super::{Face, Mesh};
use crate::image::Rgb8;
use crate::network::{Network, RunError};

const SIDE: usize = 192;
const POINTS: usize = 468;
/// Side of the network's square, in sides of the face's box.
const MARGIN: f32 = 1.5;
/// Smallest presence that counts as a face. Values between 0.2 and 0.9 are rare.
const MIN_PRESENCE: f32 = 0.6;

/// Corners of the right eye (outer, inner) and of the left eye (inner, outer).
pub const EYE_CORNERS: [[usize; 2]; 2] = [[33, 133], [362, 263]];

/// The landmarks of a face; `None` when the network finds no face in its box.
///
/// # Errors
///
/// [`RunError`] when the network fails to run.
pub fn measure(network: &dyn Network, picture: &Rgb8, face: &Face) -> Result<Option<Mesh>, RunError> {
    let [x, y, width, height] = face.bounds;
    let angle = direction(face.keypoints[0], face.keypoints[1]);
    let first =
        measure_square(network, picture, [x + width / 2.0, y + height / 2.0], width.max(height) * MARGIN, angle)?;
    let Some(first) = first.filter(|mesh| mesh.presence >= MIN_PRESENCE) else { return Ok(None) };
    let (centre, size, angle) = region(&first);
    let second = measure_square(network, picture, centre, size, angle)?;
    Ok(second.filter(|mesh| mesh.presence >= MIN_PRESENCE))
}

/// The square around all points of a mesh, rotated with the eyes: centre, side and angle. It is more precise than the
/// detector's box.
fn region(mesh: &Mesh) -> (Point, f32, f32) {
    let eye = |corners: [usize; 2]| midpoint(flat(mesh, corners[0]), flat(mesh, corners[1]));
    let angle = direction(eye(EYE_CORNERS[0]), eye(EYE_CORNERS[1]));
    let (cos, sin) = (angle.cos(), angle.sin());
    let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
    for [x, y, _] in &mesh.points {
        let upright = [x * cos + y * sin, y * cos - x * sin];
        for axis in 0..2 {
            low[axis] = low[axis].min(upright[axis]);
            high[axis] = high[axis].max(upright[axis]);
        }
    }
    let [x, y] = midpoint(low, high);
    let size = (high[0] - low[0]).max(high[1] - low[1]) * MARGIN;
    ([x * cos - y * sin, x * sin + y * cos], size, angle)
}

fn flat(mesh: &Mesh, index: usize) -> Point {
    [mesh.points[index][0], mesh.points[index][1]]
}

fn measure_square(
    network: &dyn Network,
    picture: &Rgb8,
    centre: Point,
    size: f32,
    angle: f32,
) -> Result<Option<Mesh>, RunError> {
    let map = Affine::onto_square(SIDE as f32, centre, size, angle);
    let outputs = network.run(&warp(picture, &map, SIDE, Range::Unit, Outside::Nearest))?;
    let [landmarks, presence] = &outputs[..] else { return Ok(None) };
    let (&[presence], scale) = (&presence[..], map.scale()) else { return Ok(None) };
    let points = landmarks.as_chunks::<3>().0.iter().map(|&[x, y, z]| {
        let [x, y] = map.apply([x, y]);
        [x, y, z * scale]
    });
    let points: Vec<[f32; 3]> = points.collect();
    let finite = points.len() == POINTS && points.iter().flatten().all(|number| number.is_finite());
    let presence = 1.0 / (1.0 + (-presence).exp());
    Ok(finite.then_some(Mesh { presence, points, eyes: [None, None] }))
}
