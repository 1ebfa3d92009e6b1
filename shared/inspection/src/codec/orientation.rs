//! The EXIF orientation tag (0x0112) and the rotation or reflection that it requires.

use crate::image::Rgb8;

/// How the stored pixels must be rotated or mirrored for display. The discriminants are the EXIF values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// Shown as stored.
    #[default]
    Upright = 1,
    /// Mirrored left to right.
    MirroredSideways = 2,
    /// Shown after a half turn.
    UpsideDown = 3,
    /// Mirrored top to bottom.
    MirroredUpsideDown = 4,
    /// Mirrored along the diagonal from the top left.
    Transposed = 5,
    /// Shown after a quarter turn clockwise.
    TurnedLeft = 6,
    /// Mirrored along the diagonal from the top right.
    Transversed = 7,
    /// Shown after a quarter turn anticlockwise.
    TurnedRight = 8,
}

/// Side of the blocks in which pixels are copied: one block fits into the first-level cache.
const BLOCK: usize = 32;

impl Orientation {
    /// All orientations, in the order of the EXIF values.
    pub const ALL: [Self; 8] = [
        Self::Upright,
        Self::MirroredSideways,
        Self::UpsideDown,
        Self::MirroredUpsideDown,
        Self::Transposed,
        Self::TurnedLeft,
        Self::Transversed,
        Self::TurnedRight,
    ];

    /// The orientation of an EXIF value. Values outside 1..=8 occur in real files and count as upright.
    pub fn from_exif(value: u16) -> Self {
        Self::ALL.get(usize::from(value).wrapping_sub(1)).copied().unwrap_or_default()
    }

    /// Whether width and height are exchanged.
    pub fn swaps_sides(self) -> bool {
        self as u8 >= 5
    }

    /// Whether the shown x axis and y axis run against the stored axis that they come from.
    pub fn flips(self) -> (bool, bool) {
        match self {
            Self::Upright | Self::Transposed => (false, false),
            Self::MirroredSideways | Self::TurnedLeft => (true, false),
            Self::UpsideDown | Self::Transversed => (true, true),
            Self::MirroredUpsideDown | Self::TurnedRight => (false, true),
        }
    }

    /// The pixels as shown.
    pub fn apply(self, stored: Rgb8) -> Rgb8 {
        if self == Self::Upright {
            return stored;
        }
        let (width, height) = (stored.width as usize, stored.height as usize);
        let (shown_width, shown_height) = if self.swaps_sides() { (height, width) } else { (width, height) };
        let (flip_x, flip_y) = self.flips();
        let mut pixels = vec![0; stored.pixels.len()];
        for block_y in (0..height).step_by(BLOCK) {
            for block_x in (0..width).step_by(BLOCK) {
                for y in block_y..(block_y + BLOCK).min(height) {
                    for x in block_x..(block_x + BLOCK).min(width) {
                        let (u, v) = if self.swaps_sides() { (y, x) } else { (x, y) };
                        let u = if flip_x { shown_width - 1 - u } else { u };
                        let v = if flip_y { shown_height - 1 - v } else { v };
                        let (from, to) = ((y * width + x) * 3, (v * shown_width + u) * 3);
                        pixels[to..to + 3].copy_from_slice(&stored.pixels[from..from + 3]);
                    }
                }
            }
        }
        Rgb8 { width: shown_width as u32, height: shown_height as u32, pixels }
    }
}
