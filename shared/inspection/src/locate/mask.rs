//! Measures which part of a region is a person, with MediaPipe's selfie segmentation network.

use super::Mask;
use super::geometry::Affine;
use super::warp::{Outside, Range, warp};
use crate::image::Rgb8;
use crate::network::{Network, RunError};

const SIDE: usize = 256;

/// The person mask of a region. `region` maps the unit square to picture coordinates; it can be rotated and can extend
/// beyond the picture.
///
/// # Errors
///
/// [`RunError`] when the network fails to run.
pub fn measure(network: &dyn Network, picture: &Rgb8, region: &Affine) -> Result<Mask, RunError> {
    let unit = 1.0 / SIDE as f32;
    let to_picture = Affine([unit, 0.0, 0.0, 0.0, unit, 0.0]).then(region);
    let mut outputs = network.run(&warp(picture, &to_picture, SIDE, Range::Unit, Outside::Nearest))?;
    let values = outputs.pop().unwrap_or_default();
    Ok(Mask { width: SIDE, height: SIDE, values, to_picture })
}
