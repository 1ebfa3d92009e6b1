//! Colours: sRGB, 0 to 255 per channel, as floats.

/// Red, green, blue in sRGB, 0 to 255.
pub type Rgb = [f32; 3];

/// Pure white.
pub const WHITE: Rgb = [255.0; 3];
/// Nearly black.
pub const BLACK: Rgb = [10.0, 10.0, 12.0];

/// Skin colours, from light to dark.
#[expect(missing_docs, reason = "the names describe the colours")]
pub mod skin {
    use super::Rgb;

    pub const PALE: Rgb = [240.0, 208.0, 186.0];
    pub const FAIR: Rgb = [228.0, 188.0, 160.0];
    pub const MEDIUM: Rgb = [212.0, 168.0, 138.0];
    pub const TAN: Rgb = [178.0, 130.0, 100.0];
    pub const DARK: Rgb = [122.0, 86.0, 64.0];
    pub const DEEP: Rgb = [88.0, 60.0, 46.0];
}

/// Hair colours.
#[expect(missing_docs, reason = "the names describe the colours")]
pub mod hair {
    use super::Rgb;

    pub const BLACK: Rgb = [34.0, 28.0, 27.0];
    pub const BROWN: Rgb = [78.0, 52.0, 38.0];
    pub const GREY: Rgb = [142.0, 140.0, 140.0];
    pub const FAIR: Rgb = [176.0, 138.0, 92.0];
}

/// Colours of clothes.
#[expect(missing_docs, reason = "the names describe the colours")]
pub mod cloth {
    use super::Rgb;

    pub const NAVY: Rgb = [38.0, 46.0, 74.0];
    pub const CHARCOAL: Rgb = [52.0, 54.0, 58.0];
    pub const WINE: Rgb = [96.0, 30.0, 40.0];
    pub const GREEN: Rgb = [34.0, 70.0, 56.0];
    pub const WHITE: Rgb = [247.0, 247.0, 248.0];
}

pub(crate) fn mix(from: Rgb, to: Rgb, share: f32) -> Rgb {
    std::array::from_fn(|c| from[c] + (to[c] - from[c]) * share)
}

pub(crate) fn times(colour: Rgb, factor: Rgb) -> Rgb {
    std::array::from_fn(|c| colour[c] * factor[c])
}

pub(crate) fn scaled(colour: Rgb, factor: f32) -> Rgb {
    colour.map(|c| c * factor)
}
