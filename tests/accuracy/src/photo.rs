//! Any photo as the JPEG bytes that a person would have uploaded.

use std::fs;
use std::path::Path;

use image::{Rgba, RgbaImage};
use inspection::codec::{Chroma, Codec, Effort, EncodeError, EncodeSettings, Limits, Mozjpeg};
use inspection::image::Rgb8;
use inspection::locate::geometry::Affine;
use inspection::render::resample;

use crate::Trouble;

const JPEG: [u8; 2] = [0xff, 0xd8];
/// Tried in this order until the file fits; then the picture is made smaller.
const QUALITIES: [u8; 3] = [92, 85, 75];
const SMALLER: f32 = 0.8;
/// The largest file that is read at all.
const MOST_BYTES: u32 = 64 * 1024 * 1024;

/// A JPEG file as it is; a PNG file, or a file larger than `most_bytes`, encoded anew.
pub fn read(path: &Path, most_bytes: usize) -> Result<Vec<u8>, Trouble> {
    let bytes = fs::read(path).map_err(|source| Trouble::File { path: path.to_owned(), source })?;
    if bytes.starts_with(&JPEG) {
        return if bytes.len() <= most_bytes { Ok(bytes) } else { fitted(&decoded(&bytes, path)?, most_bytes) };
    }
    let picture = image::load_from_memory(&bytes).map_err(|source| Trouble::Png { path: path.to_owned(), source })?;
    fitted(&on_white(&picture.to_rgba8()), most_bytes)
}

/// Upright sRGB pixels of a JPEG file, which may be larger than an upload.
pub fn decoded(bytes: &[u8], path: &Path) -> Result<Rgb8, Trouble> {
    let limits = Limits { file_bytes: MOST_BYTES, ..Limits::default() };
    let decoded = Mozjpeg.decode(bytes, &limits, None);
    Ok(decoded.map_err(|source| Trouble::Jpeg { path: path.to_owned(), source })?.image)
}

pub fn encoded(picture: &Rgb8, quality: u8) -> Result<Vec<u8>, EncodeError> {
    let settings = EncodeSettings { quality, chroma: Chroma::Quarter, dpi: 300, effort: Effort::Fast };
    Mozjpeg.encode(picture, &settings)
}

/// The whole picture with both sides `share` times as long.
pub fn resized(picture: &Rgb8, share: f32) -> Rgb8 {
    let side = |length: u32| ((length as f32 * share).round() as u32).max(1);
    resample::cut(
        picture,
        &Affine([1.0 / share, 0.0, 0.0, 0.0, 1.0 / share, 0.0]),
        side(picture.width),
        side(picture.height),
    )
}

fn fitted(picture: &Rgb8, most_bytes: usize) -> Result<Vec<u8>, Trouble> {
    let mut picture = picture.clone();
    loop {
        for quality in QUALITIES {
            let bytes = encoded(&picture, quality)?;
            if bytes.len() <= most_bytes || picture.width.max(picture.height) == 1 {
                return Ok(bytes);
            }
        }
        picture = resized(&picture, SMALLER);
    }
}

/// What is transparent shows white paper.
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
    fn what_is_transparent_becomes_white() {
        let picture = RgbaImage::from_raw(2, 1, vec![10, 20, 30, 255, 10, 20, 30, 0]).unwrap();
        assert_eq!(on_white(&picture).pixels, [10, 20, 30, 255, 255, 255]);
    }

    #[test]
    fn a_picture_that_is_too_large_is_encoded_smaller() {
        let noise = (0..300u32 * 200 * 3).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let picture = Rgb8::new(300, 200, noise).unwrap();
        assert!(encoded(&picture, 92).unwrap().len() > 20_000);
        let bytes = fitted(&picture, 20_000).unwrap();
        assert!(bytes.len() <= 20_000);
        let again = decoded(&bytes, Path::new("noise.jpg")).unwrap();
        assert_eq!(again.width * 2, again.height * 3);
    }
}
