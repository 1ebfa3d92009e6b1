//! Measures the iris and the lids of each eye with MediaPipe's iris network.

use super::geometry::{Affine, Point, direction, distance, midpoint};
use super::mesh::EYE_CORNERS;
use super::warp::{Outside, Range, warp};
use super::{Eye, Mesh};
use crate::image::Rgb8;
use crate::network::{Network, RunError};

const SIDE: usize = 64;
/// Side of the network's square, in eye widths.
const MARGIN: f32 = 2.3;

/// Right eye, left eye; `None` where the eye's centre is outside the picture.
///
/// # Errors
///
/// [`RunError`] when the network fails to run.
pub fn measure(network: &dyn Network, picture: &Rgb8, mesh: &Mesh) -> Result<[Option<Eye>; 2], RunError> {
    Ok([measure_eye(network, picture, mesh, 0)?, measure_eye(network, picture, mesh, 1)?])
}

fn measure_eye(network: &dyn Network, picture: &Rgb8, mesh: &Mesh, eye: usize) -> Result<Option<Eye>, RunError> {
    let [from, to] = EYE_CORNERS[eye].map(|corner| [mesh.points[corner][0], mesh.points[corner][1]]);
    let centre = midpoint(from, to);
    let inside = |at: f32, length: u32| at >= 0.0 && at <= length as f32;
    if !inside(centre[0], picture.width) || !inside(centre[1], picture.height) {
        return Ok(None);
    }
    let upright = Affine::onto_square(SIDE as f32, centre, distance(from, to) * MARGIN, direction(from, to));
    // The network was trained on eyes whose outer corner is on the left; the other eye is mirrored.
    let mirror = Affine([-1.0, 0.0, SIDE as f32, 0.0, 1.0, 0.0]);
    let map = if eye == 1 { mirror.then(&upright) } else { upright };
    let outputs = network.run(&warp(picture, &map, SIDE, Range::Unit, Outside::Nearest))?;
    let [contour, iris] = &outputs[..] else { return Ok(None) };
    let points = |numbers: &[f32]| -> Vec<Point> {
        numbers.as_chunks::<3>().0.iter().map(|&[x, y, _]| map.apply([x, y])).collect()
    };
    let Ok(iris) = <[Point; 5]>::try_from(points(iris)) else { return Ok(None) };
    Ok(Some(Eye { iris, contour: points(contour) }))
}
