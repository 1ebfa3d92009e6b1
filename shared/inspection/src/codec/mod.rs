//! Reads and writes JPEG files. The rest of the crate sees upright sRGB pixels and no type of a JPEG library.

mod editor_traces;
mod error;
mod exif;
mod file_kind;
mod header;
mod limits;
pub mod metrics;
mod mozjpeg;
mod orientation;
mod probe;
mod profile;
mod quality;
mod segment;

pub use error::{DecodeError, Unsupported};
pub use file_kind::FileKind;
pub use header::{ColourMode, Density, Header, Process};
pub use limits::Limits;
pub use mozjpeg::encode;
pub use orientation::Orientation;
pub use probe::probe;
pub use profile::ProfileUse;
pub use quality::{TableFamily, Tables};

use crate::image::Rgb8;
use metrics::BlockGrid;

/// Upright sRGB pixels of a file, and the facts from its header.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// Pixels after EXIF orientation and colour conversion.
    pub image: Rgb8,
    /// 1, 2, 4 or 8: original pixels per side of one decoded pixel.
    pub scale: u32,
    /// What the file declares about itself.
    pub header: Header,
    /// How the embedded ICC profile was used.
    pub profile: ProfileUse,
}

/// Resolution of the colour components.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// One colour sample per four pixels (4:2:0).
    Quarter,
    /// One colour sample per pixel (4:4:4).
    Full,
}

/// How much time the encoder spends on a smaller file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Standard Huffman tables, one pass.
    Fast,
    /// Huffman tables optimised for the picture, and coefficients chosen by their cost in bits (trellis quantisation):
    /// about thirty times slower, slightly sharper at the same size.
    Trellis,
}

/// Parameters of [`encode`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodeSettings {
    /// 1..=100 on the scale of the Independent JPEG Group, applied to the tables of ISO/IEC 10918-1 annex K.
    pub quality: u8,
    /// Resolution of the colour components.
    pub chroma: Chroma,
    /// Dots per inch, written as the JFIF density in both directions.
    pub dpi: u16,
    /// Speed against size.
    pub effort: Effort,
}

/// The encoder refused a picture: a side is zero or too long, or the number of pixels does not match the sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the JPEG library refused a picture of {width} x {height}")]
pub struct EncodeError {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
}

/// Decodes a JPEG file to upright sRGB pixels.
///
/// `enough_px` is a sufficient length of the longer side in pixels. A larger picture is decoded at a half, a quarter or
/// an eighth, as long as its longer side is at least that long; `None` decodes every pixel.
///
/// # Errors
///
/// As [`probe`]; also [`DecodeError::ColourMode`] for any mode but grey, YCbCr and RGB, [`DecodeError::Truncated`] for
/// a file that ends early, and [`DecodeError::Corrupt`] for damaged picture data. A partly decoded picture is never
/// returned.
pub fn decode(bytes: &[u8], limits: &Limits, enough_px: Option<u32>) -> Result<Decoded, DecodeError> {
    let header = probe(bytes, limits)?;
    if !matches!(header.colour, ColourMode::YCbCr | ColourMode::Rgb | ColourMode::Grey) {
        return Err(DecodeError::ColourMode(header.colour));
    }
    if !header.complete {
        return Err(DecodeError::Truncated);
    }
    let scale = scale_for(&header, enough_px);
    let stored = mozjpeg::decode_pixels(bytes, scale)?;
    let mut image = header.orientation.apply(stored);
    let profile = profile::convert_to_srgb(&mut image, &header);
    Ok(Decoded { image, scale, header, profile })
}

fn scale_for(header: &Header, enough_px: Option<u32>) -> u32 {
    let long_side = header.width.max(header.height);
    let enough = enough_px.unwrap_or(u32::MAX);
    [8, 4, 2].into_iter().find(|scale| long_side / scale >= enough).unwrap_or(1)
}

impl Decoded {
    /// Where the borders of the file's 8 x 8 blocks lie in the decoded picture; `None` when a block is one pixel.
    pub fn block_grid(&self) -> Option<BlockGrid> {
        let step = 8 / self.scale;
        let (flip_x, flip_y) = self.header.orientation.flips();
        let offset = |flip: bool, side: u32| if flip { side % step } else { 0 };
        (step > 1).then(|| BlockGrid {
            step,
            x: offset(flip_x, self.image.width),
            y: offset(flip_y, self.image.height),
        })
    }
}
