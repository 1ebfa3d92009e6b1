//! JPEG files in and out. The rest of the crate sees the [`Codec`] trait and upright sRGB pixels, never a library.

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
mod traces;

pub use error::{DecodeError, Unsupported};
pub use file_kind::FileKind;
pub use header::{ColourMode, Density, Header, Process};
pub use limits::Limits;
pub use mozjpeg::Mozjpeg;
pub use orientation::Orientation;
pub use profile::ProfileUse;
pub use quality::{TableFamily, Tables};

use crate::image::Rgb8;
use metrics::BlockGrid;

/// Upright sRGB pixels of a file and what the file said about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    pub image: Rgb8,
    /// 1, 2, 4 or 8: the original pixels on a side of one decoded pixel.
    pub scale: u32,
    pub header: Header,
    pub profile: ProfileUse,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// One colour sample for four pixels (4:2:0).
    Quarter,
    /// One for each (4:4:4).
    Full,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Standard Huffman tables, one pass.
    Fast,
    /// Huffman tables of the picture's own, coefficients chosen by their cost in bits: some thirty times slower,
    /// a little sharper for the same bytes.
    Trellis,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EncodeSettings {
    /// 1..=100 on the scale of the Independent JPEG Group, annex K tables.
    pub quality: u8,
    pub chroma: Chroma,
    /// Written as the JFIF density, both directions.
    pub dpi: u16,
    pub effort: Effort,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the JPEG library refused a picture of {width} x {height}")]
pub struct EncodeError {
    pub width: u32,
    pub height: u32,
}

pub trait Codec {
    /// Stored pixels as RGB, each side divided by `scale` (1, 2, 4 or 8) and rounded up. The file has passed
    /// [`probe`](Codec::probe). Damage of any kind is an error, never a partly grey picture.
    fn decode_pixels(&self, bytes: &[u8], scale: u32) -> Result<Rgb8, DecodeError>;

    /// A baseline JFIF file without metadata.
    fn encode(&self, image: &Rgb8, settings: &EncodeSettings) -> Result<Vec<u8>, EncodeError>;

    fn probe(&self, bytes: &[u8], limits: &Limits) -> Result<Header, DecodeError> {
        probe::probe(bytes, limits)
    }

    /// `enough_px`: a long side that suffices. A larger picture is decoded at a half, quarter or eighth as long as its
    /// long side stays at or above it; `None` decodes every pixel.
    fn decode(&self, bytes: &[u8], limits: &Limits, enough_px: Option<u32>) -> Result<Decoded, DecodeError> {
        let header = self.probe(bytes, limits)?;
        if !matches!(header.colour, ColourMode::YCbCr | ColourMode::Rgb | ColourMode::Grey) {
            return Err(DecodeError::ColourMode(header.colour));
        }
        if !header.complete {
            return Err(DecodeError::Truncated);
        }
        let scale = scale_for(&header, enough_px);
        let stored = self.decode_pixels(bytes, scale)?;
        let mut image = header.orientation.apply(stored);
        let profile = profile::convert_to_srgb(&mut image, &header);
        Ok(Decoded { image, scale, header, profile })
    }
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
