//! Colour as the standards speak of it: linear luminance, CIE L*a*b* (D65), chroma, saturation.

use std::sync::LazyLock;

/// sRGB code value to linear light, 0 to 1 (IEC 61966-2-1).
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let value = code as f32 / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
});

/// The compressive curve of CIE L*a*b*, sampled from 0 to 1: a lookup costs a tenth of a cube root, and is off by less
/// than 0.003 in a* and b*.
static ROOTS: LazyLock<Vec<f32>> = LazyLock::new(|| {
    let root = |step: usize| {
        let t = step as f32 / ROOT_STEPS as f32;
        if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 }
    };
    (0..ROOT_STEPS + 2).map(root).collect()
});
const ROOT_STEPS: usize = 4096;

#[inline]
fn root(roots: &[f32], t: f32) -> f32 {
    let at = t.clamp(0.0, 1.0) * ROOT_STEPS as f32;
    let step = (at as usize).min(ROOT_STEPS);
    roots[step] + (roots[step + 1] - roots[step]) * (at - step as f32)
}

pub type Rgb = [u8; 3];

/// L* alone.
pub fn lightness([r, g, b]: Rgb) -> f32 {
    let y = 0.212_672_9 * linear(r) + 0.715_152_2 * linear(g) + 0.072_175 * linear(b);
    116.0 * root(&ROOTS, y) - 16.0
}

pub fn linear(code: u8) -> f32 {
    LINEAR[usize::from(code)]
}

/// Relative luminance, 0 to 1, of ITU-R BT.709 primaries.
pub fn luminance([r, g, b]: Rgb) -> f32 {
    0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b)
}

/// Gamma-encoded luma, 0 to 255, of ITU-R BT.601: what JPEG calls Y.
pub fn luma([r, g, b]: Rgb) -> f32 {
    0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lab {
    pub l: f32,
    pub a: f32,
    pub b: f32,
}

impl Lab {
    pub fn of([r, g, b]: Rgb) -> Self {
        Self::of_linear([linear(r), linear(g), linear(b)])
    }

    pub fn of_linear([r, g, b]: [f32; 3]) -> Self {
        let x = (0.412_456_4 * r + 0.357_576_1 * g + 0.180_437_5 * b) / 0.950_47;
        let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
        let z = (0.019_333_9 * r + 0.119_192 * g + 0.950_304_1 * b) / 1.088_83;
        let roots: &[f32] = &ROOTS;
        let (fx, fy, fz) = (root(roots, x), root(roots, y), root(roots, z));
        Self { l: 116.0 * fy - 16.0, a: 500.0 * (fx - fy), b: 200.0 * (fy - fz) }
    }

    pub fn chroma(self) -> f32 {
        (self.a * self.a + self.b * self.b).sqrt()
    }

    /// CIE 1976 difference: enough for "is the shirt as light as the wall".
    pub fn distance(self, other: Self) -> f32 {
        ((self.l - other.l).powi(2) + (self.a - other.a).powi(2) + (self.b - other.b).powi(2)).sqrt()
    }
}

/// HSV saturation, 0 to 1.
pub fn saturation([r, g, b]: Rgb) -> f32 {
    let max = r.max(g).max(b);
    if max == 0 { 0.0 } else { f32::from(max - r.min(g).min(b)) / f32::from(max) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_black_and_red_have_their_textbook_values() {
        let white = Lab::of([255, 255, 255]);
        assert!((white.l - 100.0).abs() < 0.01 && white.chroma() < 0.02);
        assert!(Lab::of([0, 0, 0]).l.abs() < 0.01);
        let red = Lab::of([255, 0, 0]);
        assert!((red.l - 53.24).abs() < 0.05 && (red.a - 80.09).abs() < 0.1 && (red.b - 67.2).abs() < 0.1);
        assert!((luminance([255, 255, 255]) - 1.0).abs() < 1e-5);
        assert!((saturation([200, 100, 100]) - 0.5).abs() < 1e-6);
    }
}
