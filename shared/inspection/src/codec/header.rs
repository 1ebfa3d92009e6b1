//! What a JPEG file says about itself.

use super::orientation::Orientation;
use super::quality::Tables;

#[derive(Debug, Clone, PartialEq)]
pub struct Header {
    pub file_bytes: u32,
    /// Pixels as stored; [`Header::upright_size`] is what a viewer shows.
    pub width: u32,
    pub height: u32,
    pub process: Process,
    pub colour: ColourMode,
    /// Horizontal and vertical sampling factors of each component.
    pub sampling: Vec<(u8, u8)>,
    /// The density tag of the file: JFIF if it has a unit, otherwise EXIF.
    pub density: Option<Density>,
    pub orientation: Orientation,
    /// EXIF focal length in millimetres on 35 mm film; short ones with a large face are selfies.
    pub focal_length_35mm: Option<u16>,
    /// EXIF `Software` as written; phones put their system version here.
    pub software: Option<String>,
    /// The embedded ICC profile; `None` too when it is cut or larger than the limit.
    pub icc: Option<Vec<u8>>,
    /// Size of the embedded profile as found, also when it was not kept.
    pub icc_bytes: u32,
    /// Estimated from the quantisation tables; `None` if the file has none before its first scan.
    pub tables: Option<Tables>,
    /// What image editors left in the file, one readable line each.
    pub editor_traces: Vec<String>,
    pub scans: u32,
    /// False if the file ends before its end marker or a component has no scan.
    pub complete: bool,
    /// Bytes after the end marker (a second picture, an appended archive, camera data).
    pub trailing_bytes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Process {
    Baseline,
    /// Sequential with more than two Huffman tables allowed (SOF1), 8 bits.
    Extended,
    Progressive,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColourMode {
    Grey,
    YCbCr,
    Rgb,
    Cmyk,
    Ycck,
    /// Any other number of components.
    Components(u8),
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Density {
    pub x_dpi: f32,
    pub y_dpi: f32,
}

impl Header {
    pub fn upright_size(&self) -> (u32, u32) {
        if self.orientation.swaps_sides() { (self.height, self.width) } else { (self.width, self.height) }
    }

    /// Estimated IJG quality 1..=100.
    pub fn quality(&self) -> Option<u8> {
        self.tables.map(|tables| tables.quality)
    }
}
