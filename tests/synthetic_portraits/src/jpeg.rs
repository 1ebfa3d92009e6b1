//! Encodes JPEG files like an ordinary camera: baseline, standard tables, 4:2:0.

use image::RgbImage;
use mozjpeg::{ColorSpace, Compress, Decompress};

/// `quality` is 1 to 100.
pub(crate) fn encode(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut compress = Compress::new(ColorSpace::JCS_RGB);
    compress.set_size(picture.width() as usize, picture.height() as usize);
    compress.set_fastest_defaults();
    compress.set_optimize_coding(false);
    compress.set_quality(f32::from(quality.clamp(1, 100)));
    let mut started = compress.start_compress(Vec::new()).expect("a picture has sides");
    started.write_scanlines(picture.as_raw()).expect("writing to memory");
    started.finish().expect("writing to memory")
}

/// Decodes a file that [`encode`] wrote.
pub(crate) fn decode(bytes: &[u8]) -> RgbImage {
    let mut started = Decompress::new_mem(bytes).and_then(Decompress::rgb).expect("a file of `encode`");
    let (width, height) = (started.width() as u32, started.height() as u32);
    let pixels: Vec<u8> = started.read_scanlines::<[u8; 3]>().expect("a file of `encode`").concat();
    RgbImage::from_raw(width, height, pixels).expect("three bytes per pixel")
}
