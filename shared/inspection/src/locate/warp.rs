//! Cuts the square input of a network from a picture: one affine map, colours as floats, one channel after the other.

use wide::f32x4;

use super::geometry::{Affine, Point};
use super::row_sampler::{self, FixedPointRowSampler};
use crate::image::Rgb8;

/// The range of colours that a network expects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Black is 0, white is 1.
    Unit,
    /// Black is -1, white is 1.
    Signed,
}

/// What a network receives for points outside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    /// Black.
    Black,
    /// The nearest pixel of the picture.
    Nearest,
}

/// Fills a square grid of `side` points from the picture; `to_picture` maps the grid to picture coordinates.
/// The result holds `side * side` reds, then greens, then blues.
///
/// Points are interpolated between pixel centres. Where the points are further apart than the pixels, blocks of pixels
/// are averaged first, so that every pixel contributes.
pub fn warp(picture: &Rgb8, to_picture: &Affine, side: usize, range: Range, outside: Outside) -> Vec<f32> {
    let m = &to_picture.0;
    // Pixels covered by one step to the right and one step down the grid.
    let covered = m[0].hypot(m[3]).min(m[1].hypot(m[4]));
    let block = covered.round().clamp(1.0, MAX_BLOCK) as u32;
    if block == 1 && picture.width > 1 && picture.height > 1 {
        let extent = [0.0, 0.0, picture.width as f32, picture.height as f32];
        return sample(picture, extent, to_picture, side, range, outside);
    }
    let shrunk = Shrunk::new(picture, region(picture, to_picture, side), block);
    sample(&shrunk.pixels, shrunk.extent, &to_picture.then(&shrunk.from_picture), side, range, outside)
}

/// The sums of the columns of a block must fit into 16 bits.
const MAX_BLOCK: f32 = 256.0;

/// The part of the picture under the grid, `[left, top, right, bottom]` in pixels; never empty.
fn region(picture: &Rgb8, to_picture: &Affine, side: usize) -> [u32; 4] {
    let end = side as f32;
    let corners = [[0.0, 0.0], [end, 0.0], [0.0, end], [end, end]].map(|corner| to_picture.apply(corner));
    let ends = |axis: usize, length: u32| {
        let low = corners.iter().fold(f32::MAX, |low, corner| low.min(corner[axis]));
        let high = corners.iter().fold(f32::MIN, |high, corner| high.max(corner[axis]));
        let start = (low.max(0.0) as u32).min(length - 1);
        (start, (high.max(0.0).ceil() as u32).clamp(start + 1, length))
    };
    let ((left, right), (top, bottom)) = (ends(0, picture.width), ends(1, picture.height));
    [left, top, right, bottom]
}

/// A part of the picture in which each pixel is the mean of a block.
struct Shrunk {
    pixels: Rgb8,
    from_picture: Affine,
    /// The whole picture in coordinates of the shrunk part: left, top, right, bottom.
    extent: [f32; 4],
}

impl Shrunk {
    fn new(picture: &Rgb8, [left, top, right, bottom]: [u32; 4], block: u32) -> Self {
        let (width, height) = ((right - left).div_ceil(block), (bottom - top).div_ceil(block));
        let mut pixels = Vec::with_capacity((width * height * 3) as usize);
        let mut sums = vec![0_u16; (right - left) as usize * 3];
        for row in 0..height {
            let first = top + row * block;
            let last = (first + block).min(bottom);
            sums.fill(0);
            for y in first..last {
                let part = &picture.row(y)[left as usize * 3..right as usize * 3];
                for (sum, byte) in sums.iter_mut().zip(part) {
                    *sum += u16::from(*byte);
                }
            }
            let rows = last - first;
            match block {
                2 => block_means::<2>(&sums, rows, &mut pixels),
                3 => block_means::<3>(&sums, rows, &mut pixels),
                4 => block_means::<4>(&sums, rows, &mut pixels),
                _ => sums
                    .chunks_exact(block as usize * 3)
                    .for_each(|sums| pixels.extend_from_slice(&Mean::of(rows * block).colour(sums))),
            }
            let rest = sums.chunks_exact(block as usize * 3).remainder();
            if !rest.is_empty() {
                pixels.extend(Mean::of(rows * (rest.len() / 3) as u32).colour(rest));
            }
        }
        let pixels = at_least_two(Rgb8 { width, height, pixels });
        let scale = 1.0 / block as f32;
        let (x, y) = (-(left as f32) * scale, -(top as f32) * scale);
        let from_picture = Affine([scale, 0.0, x, 0.0, scale, y]);
        let extent = [x, y, x + picture.width as f32 * scale, y + picture.height as f32 * scale];
        Self { pixels, from_picture, extent }
    }
}

/// Mean colours of blocks of the common widths. The mean of the block from every pixel on is computed, although only
/// one per block is used: this loop can be vectorised.
fn block_means<const BLOCK: usize>(sums: &[u16], rows: u32, pixels: &mut Vec<u8>) {
    let blocks = sums.len() / (3 * BLOCK);
    let count = rows as u16 * BLOCK as u16;
    // A block has at least two pixels, so the reciprocal fits into 16 bits and one instruction multiplies eight of
    // them.
    let (half, share) = (count / 2, 65_536_u32.div_ceil(u32::from(count.max(2))) as u16);
    let mut means = vec![0_u8; blocks * BLOCK * 3];
    let length = means.len().saturating_sub(3 * (BLOCK - 1));
    let parts: [&[u16]; BLOCK] = std::array::from_fn(|at| &sums[(3 * at).min(sums.len())..][..length]);
    for (at, mean) in means[..length].iter_mut().enumerate() {
        let total = parts.iter().fold(half, |total, part| total + part[at]);
        // For totals of up to 16 bytes the product equals the exact quotient.
        *mean = ((u32::from(total) * u32::from(share)) >> 16) as u16 as u8;
    }
    let firsts = means.as_chunks::<3>().0.as_chunks::<BLOCK>().0;
    pixels.extend_from_slice(firsts.iter().map(|block| block[0]).collect::<Vec<_>>().as_flattened());
}

/// Division by the number of pixels of a block, at most `MAX_BLOCK` squared: for these numbers the product with the
/// reciprocal equals the exact quotient.
#[derive(Clone, Copy)]
struct Mean {
    half: u64,
    share: u64,
}

impl Mean {
    fn of(count: u32) -> Self {
        Self { half: u64::from(count / 2), share: (1_u64 << 40).div_ceil(u64::from(count)) }
    }

    /// The mean colour of the column sums of a block.
    #[inline]
    fn colour(self, sums: &[u16]) -> [u8; 3] {
        let add = |total: [u32; 3], sum: &[u16; 3]| std::array::from_fn(|at| total[at] + u32::from(sum[at]));
        let total = sums.as_chunks::<3>().0.iter().fold([0; 3], add);
        total.map(|total| (((u64::from(total) + self.half) * self.share) >> 40) as u8)
    }
}

/// Repeats a single column or row, so that every point has a pixel on each side.
fn at_least_two(mut picture: Rgb8) -> Rgb8 {
    if picture.width == 1 {
        picture.pixels = picture.pixels.as_chunks::<3>().0.iter().flat_map(|pixel| [*pixel; 2]).flatten().collect();
        picture.width = 2;
    }
    if picture.height == 1 {
        picture.pixels.extend_from_within(..);
        picture.height = 2;
    }
    picture
}

/// Interpolates every point of the grid between the four nearest pixel centres. `extent` holds the edges of the
/// picture.
fn sample(
    picture: &Rgb8,
    extent: [f32; 4],
    to_picture: &Affine,
    side: usize,
    range: Range,
    outside: Outside,
) -> Vec<f32> {
    let (scale, shift) = match range {
        Range::Unit => (1.0 / 255.0, 0.0),
        Range::Signed => (2.0 / 255.0, -1.0),
    };
    let black = |[x, y]: Point| {
        let [left, top, right, bottom] = extent;
        outside == Outside::Black && !(x >= left && y >= top && x <= right && y <= bottom)
    };
    let plane = side * side;
    let mut planes = vec![shift; 3 * plane];
    let (reds, rest) = planes.split_at_mut(plane);
    let (greens, blues) = rest.split_at_mut(plane);
    let rows = reds.chunks_exact_mut(side).zip(greens.chunks_exact_mut(side)).zip(blues.chunks_exact_mut(side));
    for (row, ((reds, greens), blues)) in rows.enumerate() {
        let ranged = |colour: f32x4| (colour * scale + f32x4::splat(shift)).to_array();
        let (within, sampler) =
            FixedPointRowSampler::within(to_picture, row, side, picture.width as usize, picture.height as usize);
        let samples = reds[within.clone()].iter_mut().zip(&mut greens[within.clone()]).zip(&mut blues[within.clone()]);
        for (((red, green), blue), position) in samples.zip(sampler) {
            let colour = row_sampler::colour_at(&picture.pixels, picture.width as usize * 3, position);
            [*red, *green, *blue, _] = ranged(colour);
        }
        for column in (0..within.start).chain(within.end..side) {
            let point = to_picture.apply([column as f32 + 0.5, row as f32 + 0.5]);
            if !black(point) {
                let [r, g, b] = interpolate(picture, point);
                [reds[column], greens[column], blues[column], _] = ranged(f32x4::new([r, g, b, 0.0]));
            }
        }
    }
    planes
}

/// The colour at a point, between the four nearest pixel centres. The picture has at least two rows and columns.
#[inline]
fn interpolate(picture: &Rgb8, [x, y]: Point) -> [f32; 3] {
    let (left, beside) = between(x, picture.width);
    let (top, below) = between(y, picture.height);
    let pitch = picture.width as usize * 3;
    let at = top * pitch + left * 3;
    let (upper, lower) = (&picture.pixels[at..at + 6], &picture.pixels[at + pitch..at + pitch + 6]);
    std::array::from_fn(|channel| {
        let across = |line: &[u8]| {
            let (a, b) = (f32::from(line[channel]), f32::from(line[channel + 3]));
            a + (b - a) * beside
        };
        let (upper, lower) = (across(upper), across(lower));
        upper + (lower - upper) * below
    })
}

/// The first of the two pixels between whose centres a coordinate lies, and the fractional distance from it.
#[inline]
fn between(coordinate: f32, count: u32) -> (usize, f32) {
    let at = (coordinate - 0.5).clamp(0.0, (count - 1) as f32);
    let low = (at as u32).min(count - 2);
    (low as usize, at - low as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ramp(width: u32, height: u32) -> Rgb8 {
        let mut picture = Rgb8::filled(width, height, [0; 3]);
        for y in 0..height {
            for x in 0..width {
                picture.set_pixel(x, y, [(x * 10) as u8, (y * 10) as u8, 255]);
            }
        }
        picture
    }

    #[test]
    fn warp_with_the_identity_keeps_the_picture() {
        let planes = warp(&ramp(4, 4), &Affine::IDENTITY, 4, Range::Unit, Outside::Nearest);
        for y in 0..4 {
            for x in 0..4 {
                assert!((planes[y * 4 + x] * 255.0 - (x * 10) as f32).abs() < 1e-4);
                assert!((planes[16 + y * 4 + x] * 255.0 - (y * 10) as f32).abs() < 1e-4);
                assert_eq!(planes[32 + y * 4 + x], 1.0);
            }
        }
    }

    #[test]
    fn warp_interpolates_between_pixel_centres_when_enlarging() {
        let half = Affine([0.5, 0.0, 1.0, 0.0, 0.5, 1.0]);
        let planes = warp(&ramp(4, 4), &half, 2, Range::Unit, Outside::Nearest);
        // Output centres lie at 1.25 and 1.75, that is 0.75 and 1.25 pixels from the first centre.
        assert!((planes[0] * 255.0 - 7.5).abs() < 1e-4 && (planes[1] * 255.0 - 12.5).abs() < 1e-4);
    }

    #[test]
    fn warp_averages_all_covered_pixels_when_shrinking() {
        let mut picture = Rgb8::filled(64, 64, [0; 3]);
        for at in (0..64 * 64).filter(|at| (at / 64 + at % 64) % 2 == 0) {
            picture.set_pixel(at % 64, at / 64, [255; 3]);
        }
        let planes =
            warp(&picture, &Affine::onto_rectangle(8.0, 8.0, [0.0, 0.0, 64.0, 64.0]), 8, Range::Unit, Outside::Nearest);
        assert!(planes.iter().all(|value| (value - 0.5).abs() < 0.003), "a fine checkerboard becomes uniform grey");
    }

    #[test]
    fn warp_keeps_positions_when_rotating_and_shrinking() {
        // One white block on black, cut at an angle: its centre of mass must be where the map puts it.
        let mut picture = Rgb8::filled(300, 200, [0; 3]);
        for at in 0..64 {
            picture.set_pixel(180 + at % 8, 60 + at / 8, [255; 3]);
        }
        let map = Affine::onto_square(32.0, [150.0, 100.0], 230.0, 0.6);
        let planes = warp(&picture, &map, 32, Range::Unit, Outside::Nearest);
        let total: f32 = planes[..1024].iter().sum();
        let mean = |part: &dyn Fn(usize) -> usize| {
            let weighted = |at: usize| planes[at] * (part(at) as f32 + 0.5);
            (0..1024).map(weighted).sum::<f32>() / total
        };
        let [x, y] = map.apply([mean(&|at| at % 32), mean(&|at| at / 32)]);
        assert!((x - 184.0).abs() < 1.0 && (y - 64.0).abs() < 1.0, "centre of mass at {x}, {y}");
        let area = total * map.scale() * map.scale();
        assert!((area - 64.0).abs() < 6.0, "area of {area} pixels");
    }

    #[test]
    fn warp_outside_the_picture_repeats_the_nearest_pixel() {
        let far = Affine::onto_rectangle(4.0, 4.0, [-900.0, 900.0, 80.0, 80.0]);
        let planes = warp(&Rgb8::filled(5, 3, [255; 3]), &far, 4, Range::Unit, Outside::Nearest);
        assert!(planes.iter().all(|value| (value - 1.0).abs() < 1e-6));
    }

    #[test]
    fn mean_is_rounded_to_the_nearest_whole_number() {
        for count in [1, 2, 3, 9, 35, 36, 255, 4_096, 65_280, 65_536] {
            for total in (0..=255 * count).step_by(1 + count as usize / 3) {
                let (half, share) = (u64::from(count / 2), Mean::of(count).share);
                assert_eq!(((u64::from(total) + half) * share) >> 40, u64::from((total + count / 2) / count));
            }
        }
    }

    #[test]
    fn block_means_equals_the_general_mean() {
        let bytes: Vec<u16> = (0..36).map(|at| at * 131 % 256).collect();
        for rows in 1..=4 {
            let sums: Vec<u16> = bytes.iter().map(|byte| byte * rows).collect();
            let means = |block: usize| {
                let mean = Mean::of(u32::from(rows) * block as u32);
                sums.chunks_exact(3 * block).flat_map(|sums| mean.colour(sums)).collect::<Vec<u8>>()
            };
            let (mut two, mut three, mut four) = (Vec::new(), Vec::new(), Vec::new());
            block_means::<2>(&sums, rows.into(), &mut two);
            block_means::<3>(&sums, rows.into(), &mut three);
            block_means::<4>(&sums, rows.into(), &mut four);
            assert_eq!((two, three, four), (means(2), means(3), means(4)), "{rows}");
        }
        block_means::<4>(&[0; 6], 4, &mut Vec::new());
    }

    #[test]
    fn warp_by_a_quarter_turn_exchanges_the_axes() {
        let turned = Affine::onto_square(4.0, [2.0, 2.0], 4.0, std::f32::consts::FRAC_PI_2);
        let planes = warp(&ramp(4, 4), &turned, 4, Range::Unit, Outside::Nearest);
        assert!((planes[0] * 255.0 - 30.0).abs() < 1e-3 && (planes[16] * 255.0).abs() < 1e-3);
    }

    #[test]
    fn points_outside_are_black_or_the_nearest_pixel() {
        let beside = Affine([1.0, 0.0, -10.0, 0.0, 1.0, 0.0]);
        let white = Rgb8::filled(4, 4, [255; 3]);
        let black = warp(&white, &beside, 4, Range::Signed, Outside::Black);
        assert!(black.iter().all(|value| *value == -1.0));
        let nearest = warp(&white, &beside, 4, Range::Signed, Outside::Nearest);
        assert!(nearest.iter().all(|value| *value == 1.0));
    }
}
