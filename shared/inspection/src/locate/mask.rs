//! Which part of a region is a person.

use super::Mask;
use super::geometry::Affine;
use super::warp::{Outside, Range, warp};
use crate::image::Rgb8;
use crate::network::{Network, RunError};

const SIDE: usize = 256;

/// `region` is `[x, y, width, height]` in picture coordinates; it may leave the picture and is stretched to a square.
pub fn measure(network: &dyn Network, picture: &Rgb8, region: [f32; 4]) -> Result<Mask, RunError> {
    let to_picture = Affine::onto_rectangle(SIDE as f32, SIDE as f32, region);
    let mut outputs = network.run(&warp(picture, &to_picture, SIDE, Range::Unit, Outside::Nearest))?;
    let values = outputs.pop().unwrap_or_default();
    Ok(Mask { width: SIDE, height: SIDE, values, to_picture })
}
