//! Limits that are checked before memory is allocated for a file.

/// Limits for one file. Every bound is inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file: 1 MB in the manual (000, section 2).
    pub file_bytes: u32,
    /// Width and height in pixels.
    pub side_px: u32,
    /// Width times height.
    pub pixels: u64,
    /// Number of scans. Encoders write up to twelve. Each one costs a pass over the whole picture, even if it is small.
    pub scans: u32,
    /// Size of the ICC profile. Profiles of cameras, phones and editors are far smaller; a larger one is not used.
    pub icc_bytes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            file_bytes: 1_048_576,
            side_px: 12_000,
            // 50 mebipixels: 8192 x 6400, above the 50-megapixel sensors of phones.
            pixels: 50 * 1024 * 1024,
            scans: 32,
            icc_bytes: 65_536,
        }
    }
}

impl Limits {
    pub(super) fn allow_size(&self, width: u32, height: u32) -> bool {
        width <= self.side_px && height <= self.side_px && u64::from(width) * u64::from(height) <= self.pixels
    }
}
