//! A decoded picture: 8-bit sRGB, rows from the top, three bytes per pixel.

use std::fmt;

/// Pixels of one picture. `pixels.len() == width * height * 3`; neither side is zero.
#[derive(Clone, PartialEq, Eq)]
pub struct Rgb8 {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// Red, green and blue of each pixel, row by row from the top.
    pub pixels: Vec<u8>,
}

impl Rgb8 {
    /// A picture from its pixels. `None` when a side is zero or the length of `pixels` does not match the sides.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Option<Self> {
        let bytes = (width as usize).checked_mul(height as usize)?.checked_mul(3)?;
        (bytes > 0 && pixels.len() == bytes).then_some(Self { width, height, pixels })
    }

    /// A picture of one colour.
    pub fn filled(width: u32, height: u32, colour: [u8; 3]) -> Self {
        Self { width, height, pixels: colour.repeat(width as usize * height as usize) }
    }

    /// The pixel in column `x` and row `y`.
    ///
    /// # Panics
    ///
    /// When the row is outside the picture. A column outside the picture reads another row.
    pub fn pixel(&self, x: u32, y: u32) -> [u8; 3] {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        [self.pixels[at], self.pixels[at + 1], self.pixels[at + 2]]
    }

    /// Sets the pixel in column `x` and row `y`.
    ///
    /// # Panics
    ///
    /// When the row is outside the picture. A column outside the picture changes another row.
    pub fn set_pixel(&mut self, x: u32, y: u32, colour: [u8; 3]) {
        let at = (y as usize * self.width as usize + x as usize) * 3;
        self.pixels[at..at + 3].copy_from_slice(&colour);
    }

    /// The `width * 3` bytes of row `y`.
    ///
    /// # Panics
    ///
    /// When the row is outside the picture.
    pub fn row(&self, y: u32) -> &[u8] {
        let stride = self.width as usize * 3;
        &self.pixels[y as usize * stride..][..stride]
    }

    /// The picture rotated clockwise by `quarters` times 90 degrees.
    pub fn turned(&self, quarters: u32) -> Self {
        let (w, h) = (self.width, self.height);
        let (width, height) = if quarters % 2 == 1 { (h, w) } else { (w, h) };
        let mut pixels = Vec::with_capacity(self.pixels.len());
        for y in 0..height {
            for x in 0..width {
                let (from_x, from_y) = match quarters % 4 {
                    0 => (x, y),
                    1 => (y, h - 1 - x),
                    2 => (w - 1 - x, h - 1 - y),
                    _ => (w - 1 - y, x),
                };
                pixels.extend_from_slice(&self.pixel(from_x, from_y));
            }
        }
        Self { width, height, pixels }
    }
}

/// Pixels are personal data: only the size is printed.
impl fmt::Debug for Rgb8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rgb8({} x {})", self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_refuses_a_length_that_does_not_match_the_sides() {
        assert!(Rgb8::new(2, 2, vec![0; 12]).is_some());
        assert!(Rgb8::new(2, 2, vec![0; 11]).is_none());
        assert!(Rgb8::new(0, 2, vec![]).is_none());
        assert!(Rgb8::new(u32::MAX, u32::MAX, vec![]).is_none());
    }

    #[test]
    fn a_quarter_turn_moves_the_top_left_pixel_to_the_top_right() {
        let mut picture = Rgb8::filled(3, 2, [0, 0, 0]);
        picture.set_pixel(0, 0, [9, 8, 7]);
        let turned = picture.turned(1);
        assert_eq!((turned.width, turned.height), (2, 3));
        assert_eq!(turned.pixel(1, 0), [9, 8, 7]);
        assert_eq!(picture.turned(2).pixel(2, 1), [9, 8, 7]);
        assert_eq!(picture.turned(3).pixel(0, 2), [9, 8, 7]);
        assert_eq!(picture.turned(1).turned(3), picture);
    }
}
