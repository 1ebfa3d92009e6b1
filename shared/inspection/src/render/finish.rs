//! Cuts a scaled, slightly rotated rectangle from a picture in linear light: the pixels of the standard photo.
//!
//! Two passes (Catmull and Smith 1980): each row of the picture is sampled where the photo's columns cross it, then
//! each of these columns is sampled at the photo's pixels. This needs two short sums per pixel, not one over a square.

use std::ops::Range;
use std::sync::LazyLock;

use wide::bytemuck::cast;
use wide::{i16x8, i32x4};

use crate::colour;
use crate::image::Rgb8;
use crate::locate::geometry::Affine;

/// The kernel reaches two output pixels to each side.
const REACH: f32 = 2.0;
/// Fractional positions between two pixels for which weights are stored.
const PHASES: usize = 256;

/// The integer for full light. The kernel can overshoot by a third before 16 bits overflow.
const LIGHT: f32 = 24_576.0;
/// Fractional bits of a weight.
const WEIGHT: i32 = 14;
const ONE: i32 = 1 << WEIGHT;

/// Linear light of a code value, for each channel in its lane of the vector.
static LINEAR: LazyLock<[[i32x4; 256]; 3]> = LazyLock::new(|| {
    [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]].map(|channel| {
        std::array::from_fn(|code| {
            i32x4::new(channel) * i32x4::splat((colour::linear(code as u8) * LIGHT).round() as i32)
        })
    })
});

#[inline]
fn linear(table: &[[i32x4; 256]; 3], [r, g, b]: [u8; 3]) -> i32x4 {
    table[0][usize::from(r)] | table[1][usize::from(g)] | table[2][usize::from(b)]
}

/// Cuts `width` x `height` pixels from the picture. `frame` maps output coordinates to picture coordinates and is
/// rotated by less than 45 degrees. Beyond the edge the border pixel is repeated.
pub fn cut(picture: &Rgb8, frame: &Affine, width: u32, height: u32) -> Rgb8 {
    debug_assert!(frame.0[3].abs() < frame.0[0] && frame.0[1].abs() < frame.0[4], "{frame:?}");
    // Blocks of whole pixels are averaged first, so that an output pixel covers less than two of them.
    let block = frame.scale().floor().max(1.0);
    let kernel = Kernel::new((frame.scale() / block).max(1.0));
    let (part, to_part) = Part::new(picture, frame, [width, height], block as usize, kernel.pairs);
    let frame = frame.then(&to_part);
    let pixels = match kernel.pairs {
        0..=2 => sample::<2>(&part, &frame, &kernel, width as usize, height),
        3 => sample::<3>(&part, &frame, &kernel, width as usize, height),
        _ => sample::<4>(&part, &frame, &kernel, width as usize, height),
    };
    Rgb8 { width, height, pixels: pixels.into_flattened() }
}

/// Every pixel, from sums of `PAIRS` pairs. The constant allows the compiler to unroll the loops.
fn sample<const PAIRS: usize>(
    part: &Part<'_>,
    frame: &Affine,
    kernel: &Kernel,
    width: usize,
    height: u32,
) -> Vec<[u8; 3]> {
    let (weights, codes) = (kernel.weights.as_chunks::<PAIRS>().0, &**CODES);
    let slope = frame.0[3];
    let positions =
        |y: u32| KernelPositions::new([f32::MIN, f32::MAX], kernel.reach, frame.apply([0.5, y as f32 + 0.5])[1], slope);
    // Rows of the part that a row of the photo covers.
    let rows = |y: u32| {
        let (first, last) = (positions(y).step().0, positions(y).skip(width - 1).step().0);
        first.min(last)..first.max(last) + 2 * PAIRS as i32
    };
    let mut next = rows(0).start;
    let mut columns = Columns::<PAIRS>::new(part, frame, kernel, width, rows(0).len());
    let mut pixels = Vec::with_capacity(width * height as usize);
    for y in 0..height {
        // The last pair reads one row more.
        for row in next..=rows(y).end {
            columns.take(row);
        }
        next = next.max(rows(y).end + 1);
        let mut positions = positions(y);
        for column in 0..width {
            let (top, phase) = positions.step();
            let sum = (0..PAIRS).fold(i32x4::splat(ONE / 2), |sum, pair| {
                sum + cast::<i32x4, i16x8>(columns.at(top + 2 * pair as i32, column)).dot(weights[phase][pair])
            });
            pixels.push(code(codes, sum));
        }
    }
    pixels
}

/// The most recent rows of the part, sampled where the photo's columns cross them (the first pass).
struct Columns<'a, const PAIRS: usize> {
    part: &'a Part<'a>,
    frame: &'a Affine,
    kernel: &'a Kernel,
    width: usize,
    line: Vec<i32x4>,
    /// Each value, with the value of the row below in the upper 16 bits.
    values: Vec<i32x4>,
    /// Bit mask for row numbers: the number of stored rows, a power of two, minus one.
    mask: usize,
}

impl<'a, const PAIRS: usize> Columns<'a, PAIRS> {
    /// Stores as many rows as a row of the photo needs, and four more because of rounding.
    fn new(part: &'a Part<'a>, frame: &'a Affine, kernel: &'a Kernel, width: usize, rows: usize) -> Self {
        let kept = (rows + 4).next_power_of_two();
        Self { part, frame, kernel, width, line: Vec::new(), values: vec![i32x4::ZERO; kept * width], mask: kept - 1 }
    }

    #[inline]
    fn offset(&self, row: i32) -> usize {
        (row as usize & self.mask) * self.width
    }

    #[inline]
    fn at(&self, row: i32, column: usize) -> i32x4 {
        self.values[self.offset(row) + column]
    }

    fn take(&mut self, row: i32) {
        let Affine([a, b, c, d, e, f]) = *self.frame;
        self.part.read(row, &mut self.line);
        // Horizontal offset of a column of the photo from one row of the part to the next.
        let shear = b / e;
        let step = a - shear * d;
        let first = step * 0.5 + shear * (row as f32 + 0.5 - f) + c;
        let mut positions = KernelPositions::new(self.part.ends, self.kernel.reach, first, step);
        let weights = self.kernel.weights.as_chunks::<PAIRS>().0;
        let (here, above) = (self.offset(row), self.offset(row - 1));
        let rows = [here..here + self.width, above..above + self.width];
        let Ok([here, above]) = self.values.get_disjoint_mut(rows) else { return };
        for (here, above) in here.iter_mut().zip(above) {
            let (left, phase) = positions.step();
            let Some(line) = self.line[left as usize..].first_chunk::<MOST_TAPS>() else { return };
            let sum = (0..PAIRS).fold(i32x4::splat(ONE / 2), |sum, pair| {
                sum + cast::<i32x4, i16x8>(line[2 * pair]).dot(weights[phase][pair])
            });
            let value: i32x4 = sum >> WEIGHT;
            *here = value & i32x4::splat(0xffff);
            *above |= value << 16;
        }
    }
}

/// One pixel in fixed point; the first eight fractional bits are the phase.
const FIXED: f32 = 65_536.0;

/// Iterates over the start of the kernel along a line of output pixels, in fixed point.
struct KernelPositions {
    at: i32,
    step: i32,
    least: i32,
    most: i32,
}

impl KernelPositions {
    fn new([least, most]: [f32; 2], reach: f32, first: f32, step: f32) -> Self {
        let fixed = |place: f32| (place * FIXED).round() as i32;
        let start = |place: f32| fixed(place - 0.5 - reach);
        Self { at: start(first), step: fixed(step), least: start(least), most: start(most) }
    }

    fn skip(self, count: usize) -> Self {
        Self { at: self.at.saturating_add(self.step.saturating_mul(count as i32)), ..self }
    }

    /// The first pixel that the kernel covers, and the phase.
    #[inline]
    fn step(&mut self) -> (i32, usize) {
        let at = self.at.clamp(self.least, self.most);
        self.at = self.at.saturating_add(self.step);
        ((at >> 16) + 1, (at >> 8) as usize % PHASES)
    }
}

/// sRGB code values of linear light in steps of one [`LIGHT`]th. The darkest codes are seven steps apart.
static CODES: LazyLock<Box<[u8; CODE_STEPS]>> = LazyLock::new(|| {
    Box::new(std::array::from_fn(|step| {
        let light = (step as f32 / LIGHT).min(1.0);
        let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (value * 255.0).round() as u8
    }))
});
/// Number of non-negative 16-bit integers.
const CODE_STEPS: usize = 1 << 15;

#[inline]
fn code(codes: &[u8; CODE_STEPS], light: i32x4) -> [u8; 3] {
    let light: i32x4 = light >> WEIGHT;
    let [r, g, b, ..] = i16x8::from_i32x8_saturate(cast([light, i32x4::ZERO])).max(i16x8::ZERO).to_array();
    [r, g, b].map(|step| codes[step as usize % CODE_STEPS])
}

/// Weights of the Catmull-Rom spline, scaled to a distance of `step` pixels between output pixels.
struct Kernel {
    pairs: usize,
    reach: f32,
    /// Weights of two neighbouring pixels per vector, repeated for the channels.
    weights: Vec<i16x8>,
}

/// Taps of the widest kernel: the step is less than two pixels.
const MOST_TAPS: usize = 8;

impl Kernel {
    fn new(step: f32) -> Self {
        let reach = REACH * step;
        let taps = ((2.0 * reach).ceil() as usize).next_multiple_of(2);
        let mut all = Vec::with_capacity(PHASES * taps / 2);
        for phase in 0..PHASES {
            let first = 1.0 - (phase as f32 + 0.5) / PHASES as f32 - reach;
            let weights: Vec<f32> = (0..taps).map(|tap| spline((first + tap as f32) / step)).collect();
            let sum: f32 = weights.iter().sum();
            let mut weights: Vec<i16> =
                weights.iter().map(|weight| (weight / sum * ONE as f32).round() as i16).collect();
            // The rounding error is added to the middle weight, so that a uniform surface keeps its value.
            weights[taps / 2] += (ONE - weights.iter().map(|&weight| i32::from(weight)).sum::<i32>()) as i16;
            all.extend(
                weights
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .map(|&[one, next]| i16x8::new([one, next, one, next, one, next, one, next])),
            );
        }
        Self { pairs: taps / 2, reach, weights: all }
    }
}

fn spline(at: f32) -> f32 {
    let at = at.abs();
    if at < 1.0 {
        (1.5 * at - 2.5) * at * at + 1.0
    } else if at < 2.0 {
        ((2.5 - 0.5 * at) * at - 4.0) * at + 2.0
    } else {
        0.0
    }
}

/// The columns of the picture that the frame covers, with a margin for the kernel.
struct Part<'a> {
    picture: &'a Rgb8,
    /// Side of an averaged block, in pixels of the picture.
    block: usize,
    columns: Span,
    /// Left and right edge of the picture, in coordinates of the part.
    ends: [f32; 2],
}

impl<'a> Part<'a> {
    /// Also returns the map from the picture to the part.
    fn new(picture: &'a Rgb8, frame: &Affine, [width, height]: [u32; 2], block: usize, pairs: usize) -> (Self, Affine) {
        let [width, height] = [width, height].map(|side| side as f32);
        let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]].map(|corner| frame.apply(corner)[0]);
        let left = corners.into_iter().fold(f32::MAX, f32::min).max(0.0) as usize;
        let right = corners.into_iter().fold(0.0, f32::max).ceil() as usize;
        let columns = Span::new(left, right, picture.width as usize, block, pairs + 2);
        let scale = 1.0 / block as f32;
        let map = Affine([scale, 0.0, columns.start(), 0.0, scale, 0.0]);
        (Self { picture, block, ends: columns.ends(scale), columns }, map)
    }

    /// Reads a row in linear light: red, green, blue, zero. Each value has that of the right neighbour in its upper 16
    /// bits.
    fn read(&self, row: i32, line: &mut Vec<i32x4>) {
        let (table, block, picture): (&[[i32x4; 256]; 3], _, _) = (&LINEAR, self.block, self.picture);
        let [width, height] = [picture.width, picture.height].map(|side| side as usize);
        let row = (row.max(0) as usize).min(height.div_ceil(block) - 1);
        line.clear();
        let mut here = None;
        let mut put = |right: i32x4| line.extend(here.replace(right).map(|here: i32x4| here | (right << 16)));
        if block == 1 {
            let pixels = picture.row(row as u32).as_chunks::<3>().0;
            self.columns.blocks().for_each(|at| put(linear(table, pixels[at])));
        } else {
            let rows = row * block..((row + 1) * block).min(height);
            let under = |at: usize| at * block..((at + 1) * block).min(width);
            self.columns.blocks().for_each(|at| put(mean(table, picture, under(at), rows.clone())));
        }
        // The widest kernel is always read.
        (0..MOST_TAPS).for_each(|_| put(i32x4::ZERO));
    }
}

/// Blocks of pixels along one side of the picture, with a margin on both sides where the outermost block of the picture
/// is repeated.
struct Span {
    first: usize,
    last: usize,
    /// Length of the whole side in blocks.
    blocks: usize,
    /// Length of the whole side in pixels.
    length: usize,
    margin: usize,
}

impl Span {
    fn new(low: usize, high: usize, length: usize, block: usize, margin: usize) -> Self {
        let blocks = length.div_ceil(block);
        let first = (low / block).min(blocks - 1);
        Self { first, last: high.div_ceil(block).clamp(first + 1, blocks), blocks, length, margin }
    }

    /// Start of the picture, in coordinates of the span.
    fn start(&self) -> f32 {
        self.margin as f32 - self.first as f32
    }

    fn count(&self) -> usize {
        self.last - self.first + 2 * self.margin
    }

    fn blocks(&self) -> impl Iterator<Item = usize> {
        let (first, margin, most) = (self.first, self.margin, self.blocks - 1);
        (0..self.count()).map(move |at| (first + at).saturating_sub(margin).min(most))
    }

    /// Both ends of the picture, limited to the span without its margins.
    fn ends(&self, scale: f32) -> [f32; 2] {
        let margin = self.margin as f32;
        let end = self.start() + self.length as f32 * scale;
        [self.start().max(margin), end.min(self.count() as f32 - margin)]
    }
}

/// The mean linear light of a block.
fn mean(table: &[[i32x4; 256]; 3], picture: &Rgb8, columns: Range<usize>, rows: Range<usize>) -> i32x4 {
    let share = 1.0 / (columns.len() * rows.len()) as f32;
    let pixels = rows.flat_map(|row| picture.row(row as u32)[columns.start * 3..columns.end * 3].as_chunks::<3>().0);
    (pixels.fold(i32x4::ZERO, |sum, &pixel| sum + linear(table, pixel)).round_float() * share).round_int()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waves(width: u32, height: u32, length: f32) -> Rgb8 {
        let mut picture = Rgb8::filled(width, height, [0; 3]);
        for y in 0..height {
            for x in 0..width {
                let wave = |at: u32| (128.0 + 90.0 * (at as f32 / length).sin()) as u8;
                picture.set_pixel(x, y, [wave(x), wave(y), 100]);
            }
        }
        picture
    }

    #[test]
    fn cut_with_the_identity_keeps_the_picture() {
        let picture = waves(60, 40, 3.0);
        let same = cut(&picture, &Affine::IDENTITY, 60, 40);
        assert!(picture.pixels.iter().zip(&same.pixels).all(|(a, b)| a.abs_diff(*b) <= 1));
    }

    #[test]
    fn cut_keeps_positions_when_shrinking_and_rotating() {
        for (step, angle) in [(1.3, 0.0), (1.2, 0.26), (1.0, 0.12), (1.7, -0.1), (3.4, 0.05), (5.0, 0.0)] {
            let picture = waves(400, 300, 30.0 * step);
            let side = 40.0;
            let map = Affine::onto_square(side, [200.0, 150.0], side * step, angle);
            let small = cut(&picture, &map, side as u32, side as u32);
            for (x, y) in [(5, 5), (20, 15), (35, 25), (1, 38)] {
                let [u, v] = map.apply([x as f32 + 0.5, y as f32 + 0.5]);
                let wave = |at: f32| 128.0 + 90.0 * ((at - 0.5) / (30.0 * step)).sin();
                let got = small.pixel(x, y);
                assert!((f32::from(got[0]) - wave(u)).abs() < 2.5, "{step} {angle}: {got:?} for {}", wave(u));
                assert!((f32::from(got[1]) - wave(v)).abs() < 2.5, "{step} {angle}: {got:?} for {}", wave(v));
                assert_eq!(got[2], 100);
            }
        }
    }

    #[test]
    fn cut_of_a_fine_checkerboard_gives_the_grey_of_half_the_light() {
        let mut picture = Rgb8::filled(200, 200, [0; 3]);
        for at in (0..40_000).filter(|at| (at / 200 + at % 200) % 2 == 0) {
            picture.set_pixel(at % 200, at / 200, [255; 3]);
        }
        let small = cut(&picture, &Affine([2.0, 0.0, 20.0, 0.0, 2.0, 20.0]), 80, 80);
        assert!(small.pixels.iter().all(|code| code.abs_diff(188) <= 2), "half the light is code 188, not 128");
    }

    #[test]
    fn cut_beyond_the_edge_repeats_the_border() {
        let picture = Rgb8::filled(9, 7, [10, 120, 250]);
        let around = cut(&picture, &Affine([1.2, 0.1, -8.0, -0.1, 1.2, -6.0]), 20, 20);
        assert!(around.pixels.as_chunks::<3>().0.iter().all(|pixel| *pixel == [10, 120, 250]));
    }
}
