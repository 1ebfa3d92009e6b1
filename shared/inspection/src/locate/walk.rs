//! A row of a grid laid over a picture by an affine map, walked in fixed point: most rows lie well inside the picture, and
//! there no point needs to be clamped.

use super::geometry::{Affine, Point};

/// Binary places of a position.
const PLACES: u32 = 16;
const ONE: f32 = (1 << PLACES) as f32;
/// Positions are 32 bits wide.
const LARGEST: u32 = 16_000;
/// Room for rounding at the left and the top; at the right and the bottom a pixel more, so that four bytes can be read
/// where three are a pixel.
const NEAR: f32 = 0.55;
const FAR: f32 = 1.55;

/// Points of one row, between pixel centres.
#[derive(Debug, Clone)]
pub struct Walk {
    x: i32,
    y: i32,
    dx: i32,
    dy: i32,
    left: usize,
}

/// The pixel to the upper left of a point, and how far towards the next the point lies, 0 to 1.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub x: usize,
    pub y: usize,
    pub beside: f32,
    pub below: f32,
}

impl Walk {
    /// `None` unless every point of the row has two pixels to its right and two below.
    pub fn along(map: &Affine, row: usize, columns: usize, width: usize, height: usize) -> Option<Self> {
        let y = row as f32 + 0.5;
        let (first, last) = (map.apply([0.5, y]), map.apply([columns as f32 - 0.5, y]));
        let inside = |[x, y]: Point| x > NEAR && y > NEAR && x < width as f32 - FAR && y < height as f32 - FAR;
        if width.max(height) > LARGEST as usize || !inside(first) || !inside(last) {
            return None;
        }
        let fixed = |value: f32| (value * ONE).round() as i32;
        let steps = (columns - 1).max(1) as f32;
        Some(Self {
            x: fixed(first[0] - 0.5),
            y: fixed(first[1] - 0.5),
            dx: fixed((last[0] - first[0]) / steps),
            dy: fixed((last[1] - first[1]) / steps),
            left: columns,
        })
    }
}

impl Iterator for Walk {
    type Item = Step;

    #[inline]
    fn next(&mut self) -> Option<Step> {
        self.left = self.left.checked_sub(1)?;
        let part = |value: i32| (value & (ONE as i32 - 1)) as f32 * (1.0 / ONE);
        let step = Step {
            x: (self.x >> PLACES) as usize,
            y: (self.y >> PLACES) as usize,
            beside: part(self.x),
            below: part(self.y),
        };
        self.x = self.x.wrapping_add(self.dx);
        self.y = self.y.wrapping_add(self.dy);
        Some(step)
    }
}

/// The colour at a step through a picture `pitch` bytes wide; the fourth number means nothing.
#[inline]
pub fn colour(pixels: &[u8], pitch: usize, step: Step) -> [f32; 4] {
    let at = step.y * pitch + step.x * 3;
    let (upper, lower) = (across(&pixels[at..], step.beside), across(&pixels[at + pitch..], step.beside));
    std::array::from_fn(|channel| upper[channel] + (lower[channel] - upper[channel]) * step.below)
}

/// Four numbers at a time are one step of the processor, three are not.
#[inline]
fn across(pixels: &[u8], share: f32) -> [f32; 4] {
    let Some(&[r, g, b, next_r, next_g, next_b, after]) = pixels.first_chunk::<7>() else { return [0.0; 4] };
    let (one, next) = ([r, g, b, next_r].map(f32::from), [next_r, next_g, next_b, after].map(f32::from));
    std::array::from_fn(|channel| one[channel] + (next[channel] - one[channel]) * share)
}

/// The nearest whole number of a value from 0 to 255: added to 2^23, a float's last bits are the number.
#[inline]
pub fn byte(value: f32) -> u8 {
    (value + 8_388_608.0).to_bits() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_the_map_and_rows_that_leave_the_picture_are_not_walked() {
        let map = Affine([0.9, -0.2, 12.0, 0.2, 0.9, 3.0]);
        for row in 0..40 {
            let walk = Walk::along(&map, row, 50, 200, 100).expect("well inside");
            for (column, step) in walk.enumerate() {
                let [x, y] = map.apply([column as f32 + 0.5, row as f32 + 0.5]);
                assert!((step.x as f32 + step.beside + 0.5 - x).abs() < 0.01, "{column} {row}");
                assert!((step.y as f32 + step.below + 0.5 - y).abs() < 0.01, "{column} {row}");
            }
        }
        assert!(Walk::along(&map, 0, 50, 56, 100).is_none());
        assert!(Walk::along(&Affine::IDENTITY, 0, 50, 200, 100).is_none(), "the first row has nothing above it");
    }

    #[test]
    fn bytes_are_the_nearest_whole_numbers() {
        for value in 0..=255u8 {
            for off in [-0.4, 0.0, 0.4] {
                assert_eq!(byte((f32::from(value) + off).clamp(0.0, 255.0)), value);
            }
        }
    }
}
