//! Cuts a turned, scaled rectangle out of a picture in one sampling, in linear light: what the standard photo is made of.

use std::ops::Range;
use std::sync::LazyLock;

use wide::bytemuck::cast;
use wide::{f32x4, i16x8, i32x4};

use crate::image::Rgb8;
use crate::locate::geometry::Affine;
use crate::measure::colour;

/// The kernel reaches two output pixels to each side.
const REACH: f32 = 2.0;
/// Places between two pixels that have weights of their own.
const PHASES: usize = 256;

/// Whole numbers for light from none to all, and for a weight of one: their products fit into 32 bits.
const LIGHT: f32 = 32_767.0;
const ONE: f32 = 16_384.0;

static LINEAR: LazyLock<[u32; 256]> =
    LazyLock::new(|| std::array::from_fn(|code| (colour::linear(code as u8) * LIGHT).round() as u32));

/// Output rows made at a time: the part of the picture under them stays in the processor's cache.
const BAND: u32 = 64;

/// `frame` maps output coordinates to picture coordinates. Beyond the edge the border pixel repeats.
pub fn cut(picture: &Rgb8, frame: &Affine, width: u32, height: u32) -> Rgb8 {
    // Blocks of whole pixels are averaged first: less than two are left to an output pixel, and the kernel stays small.
    let block = frame.scale().floor().max(1.0);
    let kernel = Kernel::new((frame.scale() / block).max(1.0));
    let mut pixels = Vec::with_capacity(width as usize * height as usize);
    for first in (0..height).step_by(BAND as usize) {
        let (frame, rows) = (Affine([1.0, 0.0, 0.0, 0.0, 1.0, first as f32]).then(frame), BAND.min(height - first));
        let part = Part::new(picture, &frame, [width, rows], block as usize, kernel.taps);
        let band = Band { frame: frame.then(&part.from_picture), part, kernel: &kernel, width, rows };
        match kernel.taps {
            0..=4 => band.sample::<4, 2>(&mut pixels),
            5 => band.sample::<5, 3>(&mut pixels),
            6 => band.sample::<6, 3>(&mut pixels),
            7 => band.sample::<7, 4>(&mut pixels),
            _ => band.sample::<8, 4>(&mut pixels),
        }
    }
    Rgb8 { width, height, pixels: pixels.into_flattened() }
}

struct Band<'a> {
    part: Part,
    /// From the band to the part.
    frame: Affine,
    kernel: &'a Kernel,
    width: u32,
    rows: u32,
}

impl Band<'_> {
    /// Every output pixel from `TAPS` rows of `PAIRS` pairs: known in advance, they need no loops.
    fn sample<const TAPS: usize, const PAIRS: usize>(&self, pixels: &mut Vec<[u8; 3]>) {
        let (across, down) = (self.kernel.across.as_chunks::<PAIRS>().0, self.kernel.down.as_chunks::<TAPS>().0);
        let (part, codes): (&Part, &[u8; CODE_STEPS]) = (&self.part, &CODES);
        for y in 0..self.rows {
            let start = self.frame.apply([0.5, y as f32 + 0.5]);
            let places =
                |axis: usize| Places::new(part.ends[axis], self.kernel.reach, start[axis], self.frame.0[3 * axis]);
            let (mut columns, mut rows) = (places(0), places(1));
            for _ in 0..self.width {
                let ((left, beside), (top, below)) = (columns.step(), rows.step());
                let (across, down) = (&across[beside], &down[below]);
                let mut light = f32x4::ZERO;
                let mut at = top * part.width + left;
                for weight in down {
                    let mut sum = i32x4::ZERO;
                    if let Some(line) = part.light[at..].first_chunk::<TAPS>() {
                        for pair in 0..PAIRS {
                            sum += cast::<[u32; 4], i16x8>(line[2 * pair]).dot(across[pair]);
                        }
                    }
                    light += sum.round_float() * *weight;
                    at += part.width;
                }
                pixels.push(code(codes, light));
            }
        }
    }
}

/// A pixel in binary places; [`PHASES`] are the first eight of them.
const FIXED: f32 = 65_536.0;

/// Where the kernel starts along one axis, pixel by pixel of an output row: the first pixel under it, and the phase.
struct Places {
    at: i32,
    step: i32,
    least: i32,
    most: i32,
}

impl Places {
    fn new([least, most]: [f32; 2], reach: f32, first: f32, step: f32) -> Self {
        let fixed = |place: f32| (place * FIXED).round() as i32;
        let start = |place: f32| fixed(place - 0.5 - reach);
        Self { at: start(first), step: fixed(step), least: start(least), most: start(most) }
    }

    #[inline]
    fn step(&mut self) -> (usize, usize) {
        let at = self.at.clamp(self.least, self.most);
        self.at = self.at.saturating_add(self.step);
        ((at >> 16) as usize + 1, (at >> 8) as usize % PHASES)
    }
}

/// sRGB code values of linear light in equal steps.
static CODES: LazyLock<Box<[u8; CODE_STEPS]>> = LazyLock::new(|| {
    Box::new(std::array::from_fn(|step| {
        let light = step as f32 / (CODE_STEPS - 1) as f32;
        let value = if light <= 0.003_130_8 { light * 12.92 } else { 1.055 * light.powf(1.0 / 2.4) - 0.055 };
        (value * 255.0).round() as u8
    }))
});
/// Fine enough for the darkest codes, which lie five steps apart.
const CODE_STEPS: usize = 16_384;

#[inline]
fn code(codes: &[u8; CODE_STEPS], light: f32x4) -> [u8; 3] {
    let most = f32x4::splat((CODE_STEPS - 1) as f32);
    let steps = (light * most).fast_max(f32x4::ZERO).fast_min(most).fast_round_int();
    let [r, g, b, _] = steps.to_array();
    [r, g, b].map(|step| codes[step as usize % CODE_STEPS])
}

/// Weights of the spline of Catmull and Rom, stretched to cover `step` pixels.
struct Kernel {
    taps: usize,
    reach: f32,
    /// For two neighbours at a time, repeated for the channels.
    across: Vec<i16x8>,
    down: Vec<f32>,
}

impl Kernel {
    fn new(step: f32) -> Self {
        let reach = REACH * step;
        let taps = (2.0 * reach).ceil() as usize;
        let (mut across, mut down) = (Vec::new(), Vec::new());
        for phase in 0..PHASES {
            let first = 1.0 - (phase as f32 + 0.5) / PHASES as f32 - reach;
            let mut weights: Vec<f32> = (0..taps).map(|tap| spline((first + tap as f32) / step)).collect();
            let sum: f32 = weights.iter().sum();
            down.extend(weights.iter().map(|weight| weight / sum / (LIGHT * ONE)));
            weights.resize(taps.next_multiple_of(2), 0.0);
            across.extend(weights.as_chunks::<2>().0.iter().map(|pair| {
                let [one, next] = pair.map(|weight| (weight / sum * ONE).round() as i16);
                i16x8::new([one, next, one, next, one, next, one, next])
            }));
        }
        Self { taps, reach, across, down }
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

/// The part of the picture under the frame in linear light, with a margin for the kernel.
struct Part {
    width: usize,
    /// Each pixel with its right neighbour in the upper half: reds, greens, blues, nothing.
    light: Vec<[u32; 4]>,
    from_picture: Affine,
    /// Where the picture ends, in coordinates of the part: left and right, top and bottom.
    ends: [[f32; 2]; 2],
}

impl Part {
    /// `block` pixels of the picture on a side are one of the part.
    fn new(picture: &Rgb8, frame: &Affine, [width, height]: [u32; 2], block: usize, taps: usize) -> Self {
        let [width, height] = [width, height].map(|side| side as f32);
        let corners = [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]].map(|corner| frame.apply(corner));
        let margin = taps / 2 + 2;
        let span = |axis: usize, length: u32| {
            let low = corners.iter().fold(f32::MAX, |low, corner| low.min(corner[axis])).max(0.0);
            let high = corners.iter().fold(f32::MIN, |high, corner| high.max(corner[axis])).max(0.0);
            Span::new(low as usize, high.ceil() as usize, length as usize, block, margin)
        };
        let (columns, rows) = (span(0, picture.width), span(1, picture.height));
        let mut light = Vec::with_capacity(columns.count() * rows.count());
        let mut line: Vec<[u32; 3]> = Vec::new();
        let linear: &[u32; 256] = &LINEAR;
        for row in rows.blocks() {
            line.clear();
            let (top, bottom) = (row * block, ((row + 1) * block).min(picture.height as usize));
            match block {
                1 => {
                    let row = picture.row(top as u32).as_chunks::<3>().0;
                    line.extend(columns.blocks().map(|column| row[column].map(|code| linear[usize::from(code)])));
                }
                _ => line.extend(columns.blocks().map(|column| {
                    mean(picture, column * block..((column + 1) * block).min(picture.width as usize), top..bottom)
                })),
            }
            let next = line.iter().skip(1).chain(line.last());
            light.extend(
                line.iter()
                    .zip(next)
                    .map(|(&[r, g, b], next)| [r | next[0] << 16, g | next[1] << 16, b | next[2] << 16, 0]),
            );
        }
        let scale = 1.0 / block as f32;
        let [x, y] = [columns.first, rows.first].map(|first| margin as f32 - first as f32);
        Self {
            width: columns.count(),
            light,
            from_picture: Affine([scale, 0.0, x, 0.0, scale, y]),
            ends: [columns.ends(scale), rows.ends(scale)],
        }
    }
}

/// Blocks of pixels along one side of the picture, and a margin beyond them where the outermost of the picture repeat.
struct Span {
    first: usize,
    last: usize,
    /// Of the whole picture, in blocks and in pixels.
    blocks: usize,
    length: usize,
    margin: usize,
}

impl Span {
    fn new(low: usize, high: usize, length: usize, block: usize, margin: usize) -> Self {
        let blocks = length.div_ceil(block);
        let first = (low / block).min(blocks - 1);
        Self { first, last: high.div_ceil(block).clamp(first + 1, blocks), blocks, length, margin }
    }

    fn count(&self) -> usize {
        self.last - self.first + 2 * self.margin
    }

    fn blocks(&self) -> impl Iterator<Item = usize> {
        let (first, margin, most) = (self.first, self.margin, self.blocks - 1);
        (0..self.count()).map(move |at| (first + at).saturating_sub(margin).min(most))
    }

    fn ends(&self, scale: f32) -> [f32; 2] {
        let start = self.margin as f32 - self.first as f32;
        let margin = self.margin as f32;
        [start.max(margin), (start + self.length as f32 * scale).min(self.count() as f32 - margin)]
    }
}

/// The mean light of a block.
fn mean(picture: &Rgb8, columns: Range<usize>, rows: Range<usize>) -> [u32; 3] {
    let linear: &[u32; 256] = &LINEAR;
    let count = (columns.len() * rows.len()) as u64;
    let mut sum = [0u64; 3];
    for row in rows {
        for pixel in picture.row(row as u32)[columns.start * 3..columns.end * 3].as_chunks::<3>().0 {
            sum.iter_mut().zip(pixel).for_each(|(sum, &code)| *sum += u64::from(linear[usize::from(code)]));
        }
    }
    sum.map(|sum| ((sum + count / 2) / count) as u32)
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
    fn the_identity_changes_nothing() {
        let picture = waves(60, 40, 3.0);
        let same = cut(&picture, &Affine::IDENTITY, 60, 40);
        assert!(picture.pixels.iter().zip(&same.pixels).all(|(a, b)| a.abs_diff(*b) <= 1));
    }

    #[test]
    fn shrinking_and_turning_keep_positions() {
        for (step, angle) in [(1.3, 0.0), (1.0, 0.12), (1.7, -0.1), (3.4, 0.05), (5.0, 0.0)] {
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
    fn a_fine_chequer_becomes_the_grey_of_half_the_light() {
        let mut picture = Rgb8::filled(200, 200, [0; 3]);
        for at in (0..40_000).filter(|at| (at / 200 + at % 200) % 2 == 0) {
            picture.set_pixel(at % 200, at / 200, [255; 3]);
        }
        let small = cut(&picture, &Affine([2.0, 0.0, 20.0, 0.0, 2.0, 20.0]), 80, 80);
        assert!(small.pixels.iter().all(|code| code.abs_diff(188) <= 2), "half the light is code 188, not 128");
    }

    #[test]
    fn beyond_the_edge_the_border_repeats() {
        let picture = Rgb8::filled(9, 7, [10, 120, 250]);
        let around = cut(&picture, &Affine([1.2, 0.1, -8.0, -0.1, 1.2, -6.0]), 20, 20);
        assert!(around.pixels.as_chunks::<3>().0.iter().all(|pixel| *pixel == [10, 120, 250]));
    }
}
