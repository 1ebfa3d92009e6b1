//! Reads photos as JPEG files that could have been uploaded.

use std::fs;
use std::path::Path;

use image::{Rgba, RgbaImage};
use inspection::codec::{self, Chroma, Effort, EncodeError, EncodeSettings, Limits};
use inspection::image::Rgb8;
use inspection::locate::geometry::Affine;
use inspection::resample;

use crate::MeasurementError;

const JPEG: [u8; 2] = [0xff, 0xd8];
/// Qualities that are tried in this order until the file is small enough; after that the picture is reduced.
const QUALITIES: [u8; 3] = [92, 85, 75];
/// Factor by which the sides of a picture are reduced.
const SMALLER: f32 = 0.8;
/// Size of the largest file that is decoded.
const MOST_BYTES: u32 = 64 * 1024 * 1024;

/// The bytes of a JPEG file. A PNG file, or a file larger than `max_bytes`, is encoded again.
///
/// # Errors
///
/// [`MeasurementError`] when the file cannot be read, decoded or encoded.
pub fn read(path: &Path, max_bytes: usize) -> Result<Vec<u8>, MeasurementError> {
    let bytes = fs::read(path).map_err(|source| MeasurementError::File { path: path.to_owned(), source })?;
    if bytes.starts_with(&JPEG) {
        return if bytes.len() <= max_bytes { Ok(bytes) } else { fitted(&decoded(&bytes, path)?, max_bytes) };
    }
    let picture =
        image::load_from_memory(&bytes).map_err(|source| MeasurementError::Png { path: path.to_owned(), source })?;
    fitted(&on_white(&picture.to_rgba8()), max_bytes)
}

/// Upright sRGB pixels of a JPEG file, which can be larger than an upload. `path` is used in errors.
///
/// # Errors
///
/// [`MeasurementError::Jpeg`] when the file cannot be decoded.
pub fn decoded(bytes: &[u8], path: &Path) -> Result<Rgb8, MeasurementError> {
    let limits = Limits { file_bytes: MOST_BYTES, ..Limits::default() };
    let decoded = codec::decode(bytes, &limits, None);
    Ok(decoded.map_err(|source| MeasurementError::Jpeg { path: path.to_owned(), source })?.image)
}

/// Encodes a picture as JPEG, quality 1 to 100.
///
/// # Errors
///
/// [`EncodeError`] when the encoder refuses the picture.
pub fn encoded(picture: &Rgb8, quality: u8) -> Result<Vec<u8>, EncodeError> {
    let settings = EncodeSettings { quality, chroma: Chroma::Quarter, dpi: 300, effort: Effort::Fast };
    codec::encode(picture, &settings)
}

/// The whole picture, with both sides multiplied by `share`.
pub fn resized(picture: &Rgb8, share: f32) -> Rgb8 {
    let side = |length: u32| ((length as f32 * share).round() as u32).max(1);
    resample::cut(
        picture,
        &Affine([1.0 / share, 0.0, 0.0, 0.0, 1.0 / share, 0.0]),
        side(picture.width),
        side(picture.height),
    )
}

fn fitted(picture: &Rgb8, max_bytes: usize) -> Result<Vec<u8>, MeasurementError> {
    let mut picture = picture.clone();
    loop {
        for quality in QUALITIES {
            let bytes = encoded(&picture, quality)?;
            if bytes.len() <= max_bytes || picture.width.max(picture.height) == 1 {
                return Ok(bytes);
            }
        }
        picture = resized(&picture, SMALLER);
    }
}

/// The picture on a white background.
fn on_white(picture: &RgbaImage) -> Rgb8 {
    let over = |&Rgba([r, g, b, a]): &Rgba<u8>| {
        [r, g, b].map(|c| ((u32::from(c) * u32::from(a) + 255 * (255 - u32::from(a)) + 127) / 255) as u8)
    };
    let pixels = picture.pixels().flat_map(over).collect();
    Rgb8 { width: picture.width(), height: picture.height(), pixels }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn on_white_makes_transparent_pixels_white() {
        let picture = RgbaImage::from_raw(2, 1, vec![10, 20, 30, 255, 10, 20, 30, 0]).unwrap();
        assert_eq!(on_white(&picture).pixels, [10, 20, 30, 255, 255, 255]);
    }

    #[test]
    fn fitted_reduces_a_picture_that_is_too_large() {
        let noise = (0..300u32 * 200 * 3).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let picture = Rgb8::new(300, 200, noise).unwrap();
        assert!(encoded(&picture, 92).unwrap().len() > 20_000);
        let bytes = fitted(&picture, 20_000).unwrap();
        assert!(bytes.len() <= 20_000);
        let again = decoded(&bytes, Path::new("noise.jpg")).unwrap();
        assert_eq!(again.width * 2, again.height * 3);
    }
}
