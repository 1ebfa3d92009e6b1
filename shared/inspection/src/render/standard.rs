//! The standard photo: cut, straightened, shrunk in linear light, whitened where the card allows it, encoded to size.

use std::sync::LazyLock;

use rules::photo_spec::PhotoSpec;
use rules::report::StandardPhoto;

use fast_image_resize::images::Image;
use fast_image_resize::{
    FilterType, PixelComponentMapper, PixelType, ResizeAlg, ResizeOptions, Resizer, create_srgb_mapper,
};

use super::bytes::ByteWindow;
use super::crop::Crop;
use super::{bytes, resample, whiten};
use crate::codec::{Effort, Mozjpeg, ProfileUse};
use crate::image::Rgb8;
use crate::locate::Mask;
use crate::locate::geometry::Affine;
use crate::portrait;

/// Between sRGB code values and linear light.
static LIGHT: LazyLock<PixelComponentMapper> = LazyLock::new(create_srgb_mapper);

/// Turning is done at up to this many times the final size, so that the second sampling does not soften the photo; finer
/// than the picture's own pixels it would keep nothing more.
const OVERSAMPLING: f32 = 2.0;
const FINER_THAN_PICTURE: f32 = 1.25;
/// A head that leans less than this is left as it is: turning costs sharpness and nobody sees it.
const LEVEL_DEG: f32 = 1.0;

/// What the standard photo is cut from.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    pub picture: &'a Rgb8,
    pub mask: &'a Mask,
    pub profile: ProfileUse,
}

/// The finished file and the list of what was done to make it.
pub fn render(source: &Source<'_>, crop: &Crop, spec: &PhotoSpec, whiten: bool) -> Option<(Vec<u8>, StandardPhoto)> {
    let (width, height) = (spec.width_px, spec.height_px);
    let picture = source.picture;
    let mut done = Vec::new();
    if source.profile == ProfileUse::Converted {
        done.push("converted-to-srgb".to_owned());
    }
    let roll = crop.frame.0[3].atan2(crop.frame.0[0]).to_degrees();
    let mut photo = if roll.abs() < LEVEL_DEG {
        straight(picture, &crop.frame, width, height)?
    } else {
        done.push("rotated".to_owned());
        turned(picture, &crop.frame, width, height)?
    };
    if is_part(&crop.frame, picture, width, height) {
        done.push("cropped".to_owned());
    }
    if (crop.frame.scale() - 1.0).abs() > 1e-3 {
        done.push("resized".to_owned());
    }
    if whiten {
        whiten::whiten(&mut photo, &portrait::person(source.mask, &crop.frame, width as usize, height as usize));
        done.push("background-whitened".to_owned());
    }
    let limit = spec.output_bytes.limit;
    let window = ByteWindow { min: limit.min.unwrap_or(0.0) as u32, max: limit.max.unwrap_or(0.0) as u32 };
    let file = bytes::fit(&Mozjpeg, &photo, spec.dpi, window, Effort::Fast).ok()?.bytes;
    let standard =
        StandardPhoto { width_px: width, height_px: height, dpi: spec.dpi, bytes: file.len() as u64, edits: done };
    Some((file, standard))
}

/// Is anything of the picture left out, by a pixel or more?
fn is_part(frame: &Affine, picture: &Rgb8, width: u32, height: u32) -> bool {
    let step = frame.scale();
    step * width as f32 + 1.0 < picture.width as f32 || step * height as f32 + 1.0 < picture.height as f32
}

/// An upright frame is one resize of a rectangle.
fn straight(picture: &Rgb8, frame: &Affine, width: u32, height: u32) -> Option<Rgb8> {
    let step = frame.scale();
    let [left, top] = [frame.0[2], frame.0[5]];
    shrink(picture, [left, top, step * width as f32, step * height as f32], width, height)
}

fn turned(picture: &Rgb8, frame: &Affine, width: u32, height: u32) -> Option<Rgb8> {
    let finer = (FINER_THAN_PICTURE * frame.scale()).clamp(FINER_THAN_PICTURE, OVERSAMPLING);
    let (columns, rows) = ((width as f32 * finer).round(), (height as f32 * finer).round());
    let large = Affine([width as f32 / columns, 0.0, 0.0, 0.0, height as f32 / rows, 0.0]).then(frame);
    let turned = resample::cut(picture, &large, columns as u32, rows as u32);
    shrink(&turned, [0.0, 0.0, columns, rows], width, height)
}

/// Resizes the rectangle `[left, top, width, height]` in linear light.
fn shrink(picture: &Rgb8, [left, top, wide, high]: [f32; 4], width: u32, height: u32) -> Option<Rgb8> {
    // Only the rows and columns under the rectangle are converted; three more on each side feed the filter.
    let margin = 3.0 * (wide / width as f32).max(1.0);
    let x0 = (left - margin).floor().clamp(0.0, picture.width as f32 - 1.0) as u32;
    let y0 = (top - margin).floor().clamp(0.0, picture.height as f32 - 1.0) as u32;
    let x1 = (left + wide + margin).ceil().clamp(x0 as f32 + 1.0, picture.width as f32) as u32;
    let y1 = (top + high + margin).ceil().clamp(y0 as f32 + 1.0, picture.height as f32) as u32;
    let mut part = Vec::with_capacity(((x1 - x0) * (y1 - y0) * 3) as usize);
    for y in y0..y1 {
        part.extend_from_slice(&picture.row(y)[x0 as usize * 3..x1 as usize * 3]);
    }
    let source = Image::from_vec_u8(x1 - x0, y1 - y0, part, PixelType::U8x3).ok()?;
    let mut light = Image::new(x1 - x0, y1 - y0, PixelType::U16x3);
    LIGHT.forward_map(&source, &mut light).ok()?;
    let clamp = |start: f32, length: f32, most: u32| {
        let start = start.max(0.0);
        (f64::from(start), f64::from(length.min(most as f32 - start).max(1.0)))
    };
    let (from_x, wide) = clamp(left - x0 as f32, wide, x1 - x0);
    let (from_y, high) = clamp(top - y0 as f32, high, y1 - y0);
    let options = ResizeOptions::new()
        .crop(from_x, from_y, wide, high)
        .resize_alg(ResizeAlg::Convolution(FilterType::CatmullRom));
    let mut small = Image::new(width, height, PixelType::U16x3);
    Resizer::new().resize(&light, &mut small, &options).ok()?;
    let mut out = Image::new(width, height, PixelType::U8x3);
    LIGHT.backward_map(&small, &mut out).ok()?;
    Rgb8::new(width, height, out.into_vec())
}
