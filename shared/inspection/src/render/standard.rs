//! Makes the standard photo: cut, straightened and shrunk in linear light, whitened where the card allows it, and
//! encoded to the card's file size.

use rules::photo_spec::PhotoSpec;
use rules::report::StandardPhoto;

use super::bytes::ByteWindow;
use super::crop::Crop;
use super::{bytes, finish, whiten};
use crate::codec::{Effort, ProfileUse};
use crate::image::Rgb8;
use crate::locate::Mask;
use crate::locate::geometry::Affine;
use crate::portrait;

/// A smaller tilt is not straightened, because it is invisible.
const LEVEL_DEG: f32 = 1.0;

/// The source of the standard photo.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// The decoded picture.
    pub picture: &'a Rgb8,
    /// Where the person is.
    pub mask: &'a Mask,
    /// How the embedded colour profile was used.
    pub profile: ProfileUse,
}

/// The finished file and its description with the list of edits. `None` when the file cannot be encoded to the card's
/// size.
pub fn render(source: &Source<'_>, crop: &Crop, spec: &PhotoSpec, whiten: bool) -> Option<(Vec<u8>, StandardPhoto)> {
    let (width, height) = (spec.width_px, spec.height_px);
    let picture = source.picture;
    let mut edits = Vec::new();
    if source.profile == ProfileUse::Converted {
        edits.push("converted-to-srgb".to_owned());
    }
    let roll = crop.frame.0[3].atan2(crop.frame.0[0]).to_degrees();
    let frame = if roll.abs() < LEVEL_DEG { level(&crop.frame, width, height) } else { crop.frame };
    if frame.0[3] != 0.0 {
        edits.push("rotated".to_owned());
    }
    let mut photo = finish::cut(picture, &frame, width, height);
    if is_part(&frame, picture, width, height) {
        edits.push("cropped".to_owned());
    }
    if (frame.scale() - 1.0).abs() > 1e-3 {
        edits.push("resized".to_owned());
    }
    if whiten {
        whiten::whiten(&mut photo, &portrait::person(source.mask, &frame, width as usize, height as usize));
        edits.push("background-whitened".to_owned());
    }
    let limit = spec.output_bytes.limit;
    let window = ByteWindow { min: limit.min.unwrap_or(0.0) as u32, max: limit.max.unwrap_or(0.0) as u32 };
    let file = bytes::fit(&photo, spec.dpi, window, Effort::Fast).ok()?.bytes;
    let standard = StandardPhoto { width_px: width, height_px: height, dpi: spec.dpi, bytes: file.len() as u64, edits };
    Some((file, standard))
}

/// Whether the frame leaves out at least one pixel row or column of the picture.
fn is_part(frame: &Affine, picture: &Rgb8, width: u32, height: u32) -> bool {
    let step = frame.scale();
    step * width as f32 + 1.0 < picture.width as f32 || step * height as f32 + 1.0 < picture.height as f32
}

/// The frame without rotation, around the same middle.
fn level(frame: &Affine, width: u32, height: u32) -> Affine {
    let (step, [across, down]) = (frame.scale(), [width, height].map(|side| side as f32 / 2.0));
    let [x, y] = frame.apply([across, down]);
    Affine([step, 0.0, x - step * across, 0.0, step, y - step * down])
}
