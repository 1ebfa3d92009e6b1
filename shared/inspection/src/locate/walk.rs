//! A row of a grid laid over a picture by an affine map, walked in fixed point: most rows lie well inside the picture, and
//! there no point needs to be clamped.

use std::ops::Range;

use wide::bytemuck::cast;
use wide::{f32x4, i16x8, i32x4, u8x16};

use super::geometry::Affine;

/// Binary places of a position.
const PLACES: u32 = 16;
const ONE: f32 = (1 << PLACES) as f32;
/// Positions are 32 bits wide.
const LARGEST: u32 = 16_000;
/// Less than this is no movement.
const LEAST: f32 = 0.01;
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

/// The pixel to the upper left of a point, and how far towards the next the point lies.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub x: usize,
    pub y: usize,
    /// Shares of the pixels to the right and below, in [`PLACES`].
    right: i32,
    lower: i32,
}

impl Step {
    /// How far towards the right, 0 to 1.
    pub fn beside(self) -> f32 {
        self.right as f32 * (1.0 / ONE)
    }

    /// How far down, 0 to 1.
    pub fn below(self) -> f32 {
        self.lower as f32 * (1.0 / ONE)
    }
}

impl Walk {
    /// The columns of a row whose points have two pixels to their right and two below, and the walk along them.
    pub fn within(map: &Affine, row: usize, columns: usize, width: usize, height: usize) -> (Range<usize>, Self) {
        let m = &map.0;
        let [x, y] = map.apply([0.5, row as f32 + 0.5]);
        let (across, down) = (inside(x, m[0], columns, width), inside(y, m[3], columns, height));
        let (first, last) = (across.start.max(down.start), across.end.min(down.end));
        if first >= last || width.max(height) > LARGEST as usize {
            return (0..0, Self { x: 0, y: 0, dx: 0, dy: 0, left: 0 });
        }
        let fixed = |value: f32| (value * ONE).round() as i32;
        let at = |start: f32, step: f32| fixed(start + step * first as f32 - 0.5);
        (first..last, Self { x: at(x, m[0]), y: at(y, m[3]), dx: fixed(m[0]), dy: fixed(m[3]), left: last - first })
    }
}

/// The columns in which a coordinate that grows by `step` lies well inside a side of the picture.
fn inside(start: f32, step: f32, columns: usize, length: usize) -> Range<usize> {
    let (low, high) = (NEAR - start, length as f32 - FAR - start);
    if step.abs() * (columns as f32) < LEAST {
        return if low < -LEAST && high > LEAST { 0..columns } else { 0..0 };
    }
    let (from, to) = if step > 0.0 { (low / step, high / step) } else { (high / step, low / step) };
    // Whole columns between both; the conversion cuts off what lies before the row or is no number.
    from.ceil() as usize..((to.floor() + 1.0) as usize).min(columns)
}

impl Iterator for Walk {
    type Item = Step;

    #[inline]
    fn next(&mut self) -> Option<Step> {
        self.left = self.left.checked_sub(1)?;
        let part = |value: i32| value & (ONE as i32 - 1);
        let step = Step {
            x: (self.x >> PLACES) as usize,
            y: (self.y >> PLACES) as usize,
            right: part(self.x),
            lower: part(self.y),
        };
        self.x = self.x.wrapping_add(self.dx);
        self.y = self.y.wrapping_add(self.dy);
        Some(step)
    }
}

/// Binary places of a share when it is multiplied, and of a colour between two pixels: both fit into sixteen bits.
const SHARE: i32 = 14;
const COLOUR: i32 = 7;

/// The colour at a step through a picture `pitch` bytes wide; the fourth number means nothing.
#[inline]
pub fn colour(pixels: &[u8], pitch: usize, step: Step) -> f32x4 {
    let at = step.y * pitch + step.x * 3;
    let right = shares(step.right);
    let (upper, lower) = (across(&pixels[at..], right), across(&pixels[at + pitch..], right));
    let both: i32x4 = upper | (lower << 16);
    cast::<i32x4, i16x8>(both).dot(shares(step.lower)).round_float() * (1.0 / (1 << (SHARE + COLOUR)) as f32)
}

/// The shares of two neighbours, for each channel.
#[inline]
fn shares(next: i32) -> i16x8 {
    let next = next >> (PLACES as i32 - SHARE);
    cast(i32x4::splat(((1 << SHARE) - next) | (next << 16)))
}

/// Between a pixel and its right neighbour. Their bytes are put side by side and between zeros: pairs of sixteen bits.
#[inline]
fn across(pixels: &[u8], shares: i16x8) -> i32x4 {
    let Some(eight) = pixels.first_chunk::<8>() else { return i32x4::ZERO };
    let eight = u64::from_le_bytes(*eight);
    let (one, next): (u8x16, u8x16) = (cast([eight.to_le(), 0]), cast([(eight >> 24).to_le(), 0]));
    let pairs = u8x16::unpack_low(u8x16::unpack_low(one, next), u8x16::ZERO);
    let sum = cast::<u8x16, i16x8>(pairs).dot(shares) + i32x4::splat(1 << (SHARE - COLOUR - 1));
    sum >> (SHARE - COLOUR)
}

/// The nearest whole numbers of a colour.
#[inline]
pub fn bytes(colour: f32x4) -> [u8; 3] {
    let words = i16x8::from_i32x8_saturate(cast([colour.fast_round_int(), i32x4::ZERO]));
    let [r, g, b, ..] = u8x16::narrow_i16x8(words, i16x8::ZERO).to_array();
    [r, g, b]
}

/// The nearest whole number of a value from 0 to 255.
#[inline]
pub fn byte(value: f32) -> u8 {
    value.round_ties_even() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_the_map() {
        let map = Affine([0.9, -0.2, 12.0, 0.2, 0.9, 3.0]);
        for row in 0..40 {
            let (columns, walk) = Walk::within(&map, row, 50, 200, 100);
            assert_eq!(columns, 0..50, "well inside");
            follows(&map, row, columns, walk);
        }
    }

    #[test]
    fn only_the_part_of_a_row_inside_the_picture_is_walked() {
        let (columns, walk) = Walk::within(&Affine([0.9, -0.2, 12.0, 0.2, 0.9, 3.0]), 7, 50, 40, 100);
        assert_eq!(columns, 0..31);
        assert_eq!(walk.count(), 31);
        for map in [Affine([1.3, 0.1, -20.0, -0.3, 1.0, 30.0]), Affine([-1.3, 0.0, 60.0, 0.0, 1.0, 10.0])] {
            for row in 0..40 {
                let (columns, walk) = Walk::within(&map, row, 90, 50, 45);
                let well = |column: usize| {
                    let [x, y] = map.apply([column as f32 + 0.5, row as f32 + 0.5]);
                    x > NEAR + LEAST && y > NEAR + LEAST && x < 50.0 - FAR - LEAST && y < 45.0 - FAR - LEAST
                };
                assert!((0..90).all(|column| !well(column) || columns.contains(&column)), "{columns:?}");
                follows(&map, row, columns, walk);
            }
        }
        assert!(Walk::within(&Affine::IDENTITY, 0, 50, 200, 100).0.is_empty(), "the first row has nothing above it");
        assert!(Walk::within(&Affine([f32::NAN; 6]), 0, 50, 200, 100).0.is_empty());
    }

    fn follows(map: &Affine, row: usize, columns: Range<usize>, walk: Walk) {
        for (column, step) in columns.zip(walk) {
            let [x, y] = map.apply([column as f32 + 0.5, row as f32 + 0.5]);
            assert!((step.x as f32 + step.beside() + 0.5 - x).abs() < 0.01, "{column} {row}");
            assert!((step.y as f32 + step.below() + 0.5 - y).abs() < 0.01, "{column} {row}");
        }
    }

    #[test]
    fn bytes_are_the_nearest_whole_numbers() {
        for value in 0..=255u8 {
            for off in [-0.4, 0.0, 0.4] {
                let number = (f32::from(value) + off).clamp(0.0, 255.0);
                assert_eq!((byte(number), bytes(f32x4::splat(number))), (value, [value; 3]));
            }
        }
    }

    #[test]
    fn a_colour_lies_between_its_four_pixels() {
        let pixels: Vec<u8> = (0..60).map(|at| at * 4).collect();
        let step = Step { x: 2, y: 1, right: ONE as i32 / 4, lower: ONE as i32 / 2 };
        let [r, g, b, _] = colour(&pixels, 15, step).to_array();
        let between = |channel: usize| (21 + channel) as f32 * 4.0 + 0.25 * 12.0 + 0.5 * 60.0;
        assert_eq!([r, g, b], [0, 1, 2].map(between));
    }
}
