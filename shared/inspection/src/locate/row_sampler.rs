//! Samples a row of a grid that an affine map lays over a picture, in fixed-point arithmetic. Most rows lie inside the
//! picture, where no coordinate needs to be clamped.

use std::ops::Range;

use wide::bytemuck::cast;
use wide::{f32x4, i16x8, i32x4, u8x16};

use super::geometry::Affine;

/// Fractional bits of a coordinate.
const FRACTION_BITS: u32 = 16;
const ONE: f32 = (1 << FRACTION_BITS) as f32;
/// Longest side of a picture whose coordinates fit into 32 bits.
const LARGEST: u32 = 16_000;
/// A coordinate that changes less than this over a row counts as constant.
const LEAST: f32 = 0.01;
/// Margin for rounding at the left and the top. At the right and the bottom it is a pixel larger, because eight bytes
/// are read for two pixels of three bytes.
const NEAR: f32 = 0.55;
const FAR: f32 = 1.55;

/// Iterator over the points of one row that lie between pixel centres.
#[derive(Debug, Clone)]
pub struct FixedPointRowSampler {
    x: i32,
    y: i32,
    dx: i32,
    dy: i32,
    remaining: usize,
}

/// Position of a point: the pixel to its upper left, and its fractional distance from that pixel's centre.
#[derive(Debug, Clone, Copy)]
pub struct SamplePosition {
    /// Column of the pixel to the upper left.
    pub x: usize,
    /// Row of the pixel to the upper left.
    pub y: usize,
    /// Weights of the pixels to the right and below, with [`FRACTION_BITS`].
    right: i32,
    lower: i32,
}

impl SamplePosition {
    /// Fractional distance to the right, 0 to 1.
    pub fn fraction_x(self) -> f32 {
        self.right as f32 * (1.0 / ONE)
    }

    /// Fractional distance downwards, 0 to 1.
    pub fn fraction_y(self) -> f32 {
        self.lower as f32 * (1.0 / ONE)
    }
}

impl FixedPointRowSampler {
    /// The columns of a row of the grid whose points lie inside the picture with the necessary margin, and the iterator
    /// over them. `map` maps the grid to the picture of `width` x `height` pixels.
    pub fn within(map: &Affine, row: usize, columns: usize, width: usize, height: usize) -> (Range<usize>, Self) {
        let m = &map.0;
        let [x, y] = map.apply([0.5, row as f32 + 0.5]);
        let (across, down) = (inside(x, m[0], columns, width), inside(y, m[3], columns, height));
        let (first, last) = (across.start.max(down.start), across.end.min(down.end));
        if first >= last || width.max(height) > LARGEST as usize {
            return (0..0, Self { x: 0, y: 0, dx: 0, dy: 0, remaining: 0 });
        }
        let fixed = |value: f32| (value * ONE).round() as i32;
        let at = |start: f32, step: f32| fixed(start + step * first as f32 - 0.5);
        (
            first..last,
            Self { x: at(x, m[0]), y: at(y, m[3]), dx: fixed(m[0]), dy: fixed(m[3]), remaining: last - first },
        )
    }
}

/// The columns in which a coordinate that grows by `step` per column is inside a side of `length` pixels.
fn inside(start: f32, step: f32, columns: usize, length: usize) -> Range<usize> {
    let (low, high) = (NEAR - start, length as f32 - FAR - start);
    if step.abs() * (columns as f32) < LEAST {
        return if low < -LEAST && high > LEAST { 0..columns } else { 0..0 };
    }
    let (from, to) = if step > 0.0 { (low / step, high / step) } else { (high / step, low / step) };
    // The whole columns between both. The conversion to usize turns negative numbers and NaN into 0.
    from.ceil() as usize..((to.floor() + 1.0) as usize).min(columns)
}

impl Iterator for FixedPointRowSampler {
    type Item = SamplePosition;

    #[inline]
    fn next(&mut self) -> Option<SamplePosition> {
        self.remaining = self.remaining.checked_sub(1)?;
        let part = |value: i32| value & (ONE as i32 - 1);
        let step = SamplePosition {
            x: (self.x >> FRACTION_BITS) as usize,
            y: (self.y >> FRACTION_BITS) as usize,
            right: part(self.x),
            lower: part(self.y),
        };
        self.x = self.x.wrapping_add(self.dx);
        self.y = self.y.wrapping_add(self.dy);
        Some(step)
    }
}

/// Fractional bits of a weight when it is multiplied, and of a colour between two pixels: both fit into 16 bits.
const WEIGHT_BITS: i32 = 14;
const COLOUR_BITS: i32 = 7;

/// The bilinear colour at a position of a picture whose rows have `pitch` bytes: red, green and blue, 0 to 255. The
/// fourth number is undefined.
///
/// # Panics
///
/// When the position is not from a [`FixedPointRowSampler`] of the same picture.
#[inline]
pub fn colour_at(pixels: &[u8], pitch: usize, position: SamplePosition) -> f32x4 {
    let at = position.y * pitch + position.x * 3;
    let right = weights(position.right);
    let (upper, lower) = (across(&pixels[at..], right), across(&pixels[at + pitch..], right));
    let both: i32x4 = upper | (lower << 16);
    cast::<i32x4, i16x8>(both).dot(weights(position.lower)).round_float()
        * (1.0 / (1 << (WEIGHT_BITS + COLOUR_BITS)) as f32)
}

/// The weights of two neighbouring pixels, for each channel.
#[inline]
fn weights(next: i32) -> i16x8 {
    let next = next >> (FRACTION_BITS as i32 - WEIGHT_BITS);
    cast(i32x4::splat(((1 << WEIGHT_BITS) - next) | (next << 16)))
}

/// The weighted mean of a pixel and its right neighbour, per channel. Their bytes are interleaved with zeros to pairs
/// of 16-bit numbers.
#[inline]
fn across(pixels: &[u8], weights: i16x8) -> i32x4 {
    let Some(eight) = pixels.first_chunk::<8>() else { return i32x4::ZERO };
    let eight = u64::from_le_bytes(*eight);
    let (one, next): (u8x16, u8x16) = (cast([eight.to_le(), 0]), cast([(eight >> 24).to_le(), 0]));
    let pairs = u8x16::unpack_low(u8x16::unpack_low(one, next), u8x16::ZERO);
    let sum = cast::<u8x16, i16x8>(pairs).dot(weights) + i32x4::splat(1 << (WEIGHT_BITS - COLOUR_BITS - 1));
    sum >> (WEIGHT_BITS - COLOUR_BITS)
}

/// Rounds a colour to whole numbers, limited to 0..=255.
#[inline]
pub fn to_bytes(colour: f32x4) -> [u8; 3] {
    let words = i16x8::from_i32x8_saturate(cast([colour.fast_round_int(), i32x4::ZERO]));
    let [r, g, b, ..] = u8x16::narrow_i16x8(words, i16x8::ZERO).to_array();
    [r, g, b]
}

/// Rounds a value to a whole number, limited to 0..=255.
#[inline]
pub fn to_byte(value: f32) -> u8 {
    value.round_ties_even() as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn positions_follow_the_map() {
        let map = Affine([0.9, -0.2, 12.0, 0.2, 0.9, 3.0]);
        for row in 0..40 {
            let (columns, sampler) = FixedPointRowSampler::within(&map, row, 50, 200, 100);
            assert_eq!(columns, 0..50, "the whole row is inside the picture");
            assert_follows(&map, row, columns, sampler);
        }
    }

    #[test]
    fn row_is_limited_to_the_part_inside_the_picture() {
        let (columns, sampler) =
            FixedPointRowSampler::within(&Affine([0.9, -0.2, 12.0, 0.2, 0.9, 3.0]), 7, 50, 40, 100);
        assert_eq!(columns, 0..31);
        assert_eq!(sampler.count(), 31);
        for map in [Affine([1.3, 0.1, -20.0, -0.3, 1.0, 30.0]), Affine([-1.3, 0.0, 60.0, 0.0, 1.0, 10.0])] {
            for row in 0..40 {
                let (columns, sampler) = FixedPointRowSampler::within(&map, row, 90, 50, 45);
                let inside = |column: usize| {
                    let [x, y] = map.apply([column as f32 + 0.5, row as f32 + 0.5]);
                    x > NEAR + LEAST && y > NEAR + LEAST && x < 50.0 - FAR - LEAST && y < 45.0 - FAR - LEAST
                };
                assert!((0..90).all(|column| !inside(column) || columns.contains(&column)), "{columns:?}");
                assert_follows(&map, row, columns, sampler);
            }
        }
        assert!(
            FixedPointRowSampler::within(&Affine::IDENTITY, 0, 50, 200, 100).0.is_empty(),
            "the first row has no row above it"
        );
        assert!(FixedPointRowSampler::within(&Affine([f32::NAN; 6]), 0, 50, 200, 100).0.is_empty());
    }

    fn assert_follows(map: &Affine, row: usize, columns: Range<usize>, sampler: FixedPointRowSampler) {
        for (column, position) in columns.zip(sampler) {
            let [x, y] = map.apply([column as f32 + 0.5, row as f32 + 0.5]);
            assert!((position.x as f32 + position.fraction_x() + 0.5 - x).abs() < 0.01, "{column} {row}");
            assert!((position.y as f32 + position.fraction_y() + 0.5 - y).abs() < 0.01, "{column} {row}");
        }
    }

    #[test]
    fn to_byte_and_to_bytes_round_to_the_nearest_whole_number() {
        for value in 0..=255u8 {
            for off in [-0.4, 0.0, 0.4] {
                let number = (f32::from(value) + off).clamp(0.0, 255.0);
                assert_eq!((to_byte(number), to_bytes(f32x4::splat(number))), (value, [value; 3]));
            }
        }
    }

    #[test]
    fn colour_at_interpolates_between_four_pixels() {
        let pixels: Vec<u8> = (0..60).map(|at| at * 4).collect();
        let position = SamplePosition { x: 2, y: 1, right: ONE as i32 / 4, lower: ONE as i32 / 2 };
        let [r, g, b, _] = colour_at(&pixels, 15, position).to_array();
        let between = |channel: usize| (21 + channel) as f32 * 4.0 + 0.25 * 12.0 + 0.5 * 60.0;
        assert_eq!([r, g, b], [0, 1, 2].map(between));
    }
}
