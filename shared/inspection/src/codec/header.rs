//! What a JPEG file declares about itself.

use super::orientation::Orientation;
use super::quality::Tables;

/// What a JPEG file declares about itself.
#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    /// Size of the file.
    pub file_bytes: u32,
    /// Columns as stored; [`Header::upright_size`] is what a viewer shows.
    pub width: u32,
    /// Rows as stored.
    pub height: u32,
    /// The coding process.
    pub process: Process,
    /// The colour mode.
    pub colour: ColourMode,
    /// Horizontal and vertical sampling factor of each component, 1 to 4.
    pub sampling: Vec<(u8, u8)>,
    /// The resolution tag: JFIF if it has a unit, otherwise EXIF.
    pub density: Option<Density>,
    /// EXIF orientation.
    pub orientation: Orientation,
    /// EXIF focal length in millimetres, 35 mm equivalent.
    pub focal_length_35mm: Option<u16>,
    /// EXIF `Software` as written; phones write their system version.
    pub software: Option<String>,
    /// The embedded ICC profile; `None` also when it is incomplete or larger than the limit.
    pub icc: Option<Vec<u8>>,
    /// Size of the embedded ICC profile, also when `icc` is `None`.
    pub icc_bytes: u32,
    /// What the quantisation tables indicate; `None` if the file has none before its first scan.
    pub tables: Option<Tables>,
    /// Metadata that image editors left in the file, one readable line each.
    pub editor_traces: Vec<String>,
    /// Number of scans.
    pub scans: u32,
    /// False if the file ends before its end marker or a component has no scan.
    pub complete: bool,
    /// Number of bytes after the end marker (a second picture, an appended archive, camera data).
    pub trailing_bytes: u32,
}

/// The coding process of a JPEG file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    /// Baseline sequential (SOF0).
    Baseline,
    /// Extended sequential (SOF1), 8 bits per sample.
    Extended,
    /// Progressive (SOF2).
    Progressive,
}

/// The colour mode of a JPEG file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourMode {
    /// One component.
    Grey,
    /// Luma and two chroma components.
    YCbCr,
    /// Red, green and blue without conversion.
    Rgb,
    /// Four inks.
    Cmyk,
    /// Four inks, converted as YCbCr plus black.
    Ycck,
    /// Any other number of components.
    Components(u8),
}

/// Resolution in dots per inch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density {
    /// Horizontal.
    pub x_dpi: f32,
    /// Vertical.
    pub y_dpi: f32,
}

impl Header {
    /// Width and height after EXIF orientation.
    pub fn upright_size(&self) -> (u32, u32) {
        if self.orientation.swaps_sides() { (self.height, self.width) } else { (self.width, self.height) }
    }

    /// Estimated IJG quality, 1..=100; `None` without quantisation tables.
    pub fn quality(&self) -> Option<u8> {
        self.tables.map(|tables| tables.quality)
    }
}
