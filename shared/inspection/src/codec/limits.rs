//! What a file may cost before anything is allocated for it.

/// Every bound is inclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The manual's 1 MB.
    pub file_bytes: u32,
    pub side_px: u32,
    pub pixels: u64,
    /// Encoders write up to a dozen scans; each one costs a pass over the whole picture however few bytes it has.
    pub scans: u32,
    /// RGB profiles of cameras, phones and editors stay far below; a larger one is left unused.
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
