//! Colour measures of the standards: linear luminance, CIE L*a*b* (D65), chroma, saturation.

use std::sync::LazyLock;

use wide::f32x4;

/// sRGB code value to linear light, 0 to 1 (IEC 61966-2-1).
static LINEAR: LazyLock<[f32; 256]> = LazyLock::new(|| {
    std::array::from_fn(|code| {
        let value = code as f32 / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    })
});

/// The compressive function of CIE L*a*b*, sampled from 0 to 1: a lookup takes a tenth of the time of a cube root, with
/// an error below 0.003 in a* and b*.
static ROOTS: LazyLock<Box<[f32; ROOT_STEPS + 2]>> = LazyLock::new(|| {
    let root = |step: usize| {
        let t = step as f32 / ROOT_STEPS as f32;
        if t > 216.0 / 24_389.0 { t.cbrt() } else { (24_389.0 / 27.0 * t + 16.0) / 116.0 }
    };
    Box::new(std::array::from_fn(root))
});
const ROOT_STEPS: usize = 4096;

#[inline]
fn root(table: &[f32; ROOT_STEPS + 2], step: i32, share: f32) -> f32 {
    let step = (step as usize).min(ROOT_STEPS);
    table[step] + (table[step + 1] - table[step]) * share
}

/// [`root`] of three values at once.
#[inline]
fn roots(values: f32x4) -> [f32; 3] {
    let at = values.fast_max(f32x4::ZERO).fast_min(f32x4::ONE) * ROOT_STEPS as f32;
    let steps = at.fast_trunc_int();
    let (shares, steps) = ((at - steps.round_float()).to_array(), steps.to_array());
    let table = &**ROOTS;
    std::array::from_fn(|at| root(table, steps[at], shares[at]))
}

/// Contributions of red, green and blue light to CIE X, Y and Z, each as a share of white (IEC 61966-2-1, D65).
static XYZ: [f32x4; 3] = [
    f32x4::new([0.412_456_4 / 0.950_47, 0.212_672_9, 0.019_333_9 / 1.088_83, 0.0]),
    f32x4::new([0.357_576_1 / 0.950_47, 0.715_152_2, 0.119_192 / 1.088_83, 0.0]),
    f32x4::new([0.180_437_5 / 0.950_47, 0.072_175, 0.950_304_1 / 1.088_83, 0.0]),
];

/// sRGB code values: red, green, blue.
pub type Rgb = [u8; 3];

/// L*, 0 to 100, without a* and b*.
pub fn lightness([r, g, b]: Rgb) -> f32 {
    let [r, g, b] = lights([r, g, b]);
    let y = 0.212_672_9 * r + 0.715_152_2 * g + 0.072_175 * b;
    let at = y.clamp(0.0, 1.0) * ROOT_STEPS as f32;
    let step = at as i32;
    116.0 * root(&ROOTS, step, at - step as f32) - 16.0
}

/// Linear light of a code value, 0 to 1.
pub fn linear(code: u8) -> f32 {
    LINEAR[usize::from(code)]
}

#[inline]
fn lights(colour: Rgb) -> [f32; 3] {
    let table = &*LINEAR;
    colour.map(|code| table[usize::from(code)])
}

/// Relative luminance, 0 to 1, of ITU-R BT.709 primaries.
pub fn luminance(colour: Rgb) -> f32 {
    let [r, g, b] = lights(colour);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Gamma-encoded luma of ITU-R BT.601, 0 to 255: the Y of JPEG.
pub fn luma([r, g, b]: Rgb) -> f32 {
    0.299 * f32::from(r) + 0.587 * f32::from(g) + 0.114 * f32::from(b)
}

/// CIE L*a*b* colour (D65).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Lab {
    /// L*, 0 black to 100 white.
    pub l: f32,
    /// a*, negative green to positive red.
    pub a: f32,
    /// b*, negative blue to positive yellow.
    pub b: f32,
}

impl Lab {
    /// From sRGB code values.
    pub fn of(colour: Rgb) -> Self {
        Self::of_linear(lights(colour))
    }

    /// From linear light, 0 to 1 per channel.
    pub fn of_linear([r, g, b]: [f32; 3]) -> Self {
        let [fx, fy, fz] = roots(XYZ[0] * r + XYZ[1] * g + XYZ[2] * b);
        Self { l: 116.0 * fy - 16.0, a: 500.0 * (fx - fy), b: 200.0 * (fy - fz) }
    }

    /// Chroma, C*.
    pub fn chroma(self) -> f32 {
        (self.a * self.a + self.b * self.b).sqrt()
    }

    /// CIE 1976 colour difference.
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
    fn white_black_and_red_have_their_published_lab_values() {
        let white = Lab::of([255, 255, 255]);
        assert!((white.l - 100.0).abs() < 0.01 && white.chroma() < 0.02);
        assert!(Lab::of([0, 0, 0]).l.abs() < 0.01);
        let red = Lab::of([255, 0, 0]);
        assert!((red.l - 53.24).abs() < 0.05 && (red.a - 80.09).abs() < 0.1 && (red.b - 67.2).abs() < 0.1);
        assert!((luminance([255, 255, 255]) - 1.0).abs() < 1e-5);
        assert!((saturation([200, 100, 100]) - 0.5).abs() < 1e-6);
    }
}
