//! Cuts a rotated, scaled rectangle from a picture.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::image::Rgb8;
use crate::locate::geometry::{Affine, Point};
use crate::locate::row_sampler::{self, FixedPointRowSampler};

/// Above this number of picture pixels per output pixel the picture is shrunk first, so that every pixel contributes.
const LARGEST_STEP: f32 = 1.25;

/// Cuts `width` x `height` pixels from the picture, bilinearly interpolated. `frame` maps output coordinates to picture
/// coordinates. Beyond the edge the border pixel is repeated.
pub fn cut(picture: &Rgb8, frame: &Affine, width: u32, height: u32) -> Rgb8 {
    let step = frame.scale();
    if step > LARGEST_STEP
        && let Some((shrunk, to_shrunk)) = shrink(picture, frame, width, height, step)
    {
        return bilinear(&shrunk, &frame.then(&to_shrunk), width, height);
    }
    bilinear(picture, frame, width, height)
}

/// Shrinks the part of the picture under the frame by the factor `step`. Also returns the map from picture coordinates
/// to shrunk coordinates.
fn shrink(picture: &Rgb8, frame: &Affine, width: u32, height: u32, step: f32) -> Option<(Rgb8, Affine)> {
    let (width, height) = (width as f32, height as f32);
    let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]].map(|corner| frame.apply(corner));
    let low = |axis: usize| corners.iter().map(|c| c[axis]).fold(f32::MAX, f32::min) - 2.0 * step;
    let high = |axis: usize| corners.iter().map(|c| c[axis]).fold(f32::MIN, f32::max) + 2.0 * step;
    let (left, top) = (low(0).max(0.0).floor(), low(1).max(0.0).floor());
    let (right, bottom) = (high(0).min(picture.width as f32).ceil(), high(1).min(picture.height as f32).ceil());
    if right - left < 1.0 || bottom - top < 1.0 {
        return None;
    }
    let (columns, rows) = (((right - left) / step).round().max(1.0), ((bottom - top) / step).round().max(1.0));
    let source = ImageRef::new(picture.width, picture.height, &picture.pixels, PixelType::U8x3).ok()?;
    let mut target = Image::new(columns as u32, rows as u32, PixelType::U8x3);
    let options = ResizeOptions::new()
        .crop(f64::from(left), f64::from(top), f64::from(right - left), f64::from(bottom - top))
        .resize_alg(ResizeAlg::Convolution(FilterType::Bilinear));
    Resizer::new().resize(&source, &mut target, &options).ok()?;
    let (sx, sy) = (columns / (right - left), rows / (bottom - top));
    let map = Affine([sx, 0.0, -left * sx, 0.0, sy, -top * sy]);
    Some((Rgb8 { width: columns as u32, height: rows as u32, pixels: target.into_vec() }, map))
}

fn bilinear(picture: &Rgb8, frame: &Affine, width: u32, height: u32) -> Rgb8 {
    let (columns, rows) = (picture.width as usize, picture.height as usize);
    let mut pixels = vec![[0; 3]; width as usize * height as usize];
    for (y, line) in pixels.chunks_exact_mut(width as usize).enumerate() {
        let (within, sampler) = FixedPointRowSampler::within(frame, y, width as usize, columns, rows);
        for (out, position) in line[within.clone()].iter_mut().zip(sampler) {
            *out = row_sampler::to_bytes(row_sampler::colour_at(&picture.pixels, columns * 3, position));
        }
        for x in (0..within.start).chain(within.end..width as usize) {
            line[x] = clamped_bilinear(picture, frame.apply([x as f32 + 0.5, y as f32 + 0.5]));
        }
    }
    Rgb8 { width, height, pixels: pixels.into_flattened() }
}

/// The colour at a point near or beyond the edge of the picture: the border pixel is repeated.
fn clamped_bilinear(picture: &Rgb8, [x, y]: Point) -> [u8; 3] {
    let (x, y) = ((x - 0.5).clamp(0.0, (picture.width - 1) as f32), (y - 0.5).clamp(0.0, (picture.height - 1) as f32));
    let (x0, y0) = (x as u32, y as u32);
    let (x1, y1) = ((x0 + 1).min(picture.width - 1), (y0 + 1).min(picture.height - 1));
    let (wx, wy) = (x - x0 as f32, y - y0 as f32);
    let four = [(x0, y0), (x1, y0), (x0, y1), (x1, y1)].map(|(x, y)| picture.pixel(x, y).map(f32::from));
    std::array::from_fn(|channel| {
        let [a, b, c, d] = four.map(|pixel| pixel[channel]);
        let (top, bottom) = (a + (b - a) * wx, c + (d - c) * wx);
        row_sampler::to_byte(top + (bottom - top) * wy)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gradient(width: u32, height: u32) -> Rgb8 {
        let mut picture = Rgb8::filled(width, height, [0; 3]);
        for y in 0..height {
            for x in 0..width {
                picture.set_pixel(x, y, [(x * 255 / width) as u8, (y * 255 / height) as u8, 100]);
            }
        }
        picture
    }

    #[test]
    fn cut_with_the_identity_keeps_the_picture_and_shrinking_keeps_positions() {
        let picture = gradient(120, 90);
        assert_eq!(cut(&picture, &Affine::IDENTITY, 120, 90), picture);
        let third = Affine([3.0, 0.0, 0.0, 0.0, 3.0, 0.0]);
        let small = cut(&picture, &third, 40, 30);
        for (x, y) in [(5, 5), (20, 15), (35, 25)] {
            let (got, want) = (small.pixel(x, y), picture.pixel(x * 3 + 1, y * 3 + 1));
            assert!(got[0].abs_diff(want[0]) <= 3 && got[1].abs_diff(want[1]) <= 3, "{got:?} {want:?}");
        }
    }
}
