//! Cuts a picture into the square a network wants: one affine map, colours to floats, channel after channel.

use super::geometry::Affine;
use crate::image::Rgb8;

/// The range a network wants its colours in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Range {
    /// Black is 0, white is 1.
    Unit,
    /// Black is -1, white is 1.
    Signed,
}

/// What lies outside the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outside {
    Black,
    /// The nearest pixel of the picture.
    Nearest,
}

/// At most so many samples along one side of an output pixel: beyond, finer detail no longer matters to a network.
const MAX_SAMPLES: usize = 16;

/// Fills a square grid of `side` points from the picture; `to_picture` maps the grid to picture coordinates.
/// The result holds `side * side` reds, then greens, then blues.
///
/// Enlarged parts are interpolated between pixel centres. Where one point covers several pixels it is the mean of
/// evenly spread samples, one per covered pixel, so that nothing between them is skipped.
pub fn warp(picture: &Rgb8, to_picture: &Affine, side: usize, range: Range, outside: Outside) -> Vec<f32> {
    let m = &to_picture.0;
    let covered = |x: f32, y: f32| (x.hypot(y).ceil() as usize).clamp(1, MAX_SAMPLES);
    // Pixels one step to the right and one step down cover.
    let (across, down) = (covered(m[0], m[3]), covered(m[1], m[4]));
    let offset = |sample: usize, samples: usize| (sample as f32 + 0.5) / samples as f32;
    let (scale, shift) = match range {
        Range::Unit => (1.0 / 255.0, 0.0),
        Range::Signed => (2.0 / 255.0, -1.0),
    };
    let share = scale / (across * down) as f32;
    let sampler = Sampler::new(picture, outside);
    let plane = side * side;
    let mut planes = vec![0.0; 3 * plane];
    for row in 0..side {
        for column in 0..side {
            let mut sum = [0.0; 3];
            for below in 0..down {
                for beside in 0..across {
                    let point = [column as f32 + offset(beside, across), row as f32 + offset(below, down)];
                    let colour = sampler.at(to_picture.apply(point));
                    for (sum, part) in sum.iter_mut().zip(colour) {
                        *sum += part;
                    }
                }
            }
            for (channel, sum) in sum.into_iter().enumerate() {
                planes[channel * plane + row * side + column] = sum * share + shift;
            }
        }
    }
    planes
}

struct Sampler<'a> {
    pixels: &'a [u8],
    width: usize,
    height: usize,
    outside: Outside,
}

impl<'a> Sampler<'a> {
    fn new(picture: &'a Rgb8, outside: Outside) -> Self {
        Self { pixels: &picture.pixels, width: picture.width as usize, height: picture.height as usize, outside }
    }

    /// The colour at a point, interpolated between the four nearest pixel centres.
    #[inline]
    fn at(&self, [x, y]: [f32; 2]) -> [f32; 3] {
        let (width, height) = (self.width as f32, self.height as f32);
        if self.outside == Outside::Black && !(x >= 0.0 && y >= 0.0 && x <= width && y <= height) {
            return [0.0; 3];
        }
        let (left, right, beside) = between(x, self.width);
        let (top, bottom, below) = between(y, self.height);
        let pixel = |column: usize, row: usize| {
            let at = (row * self.width + column) * 3;
            let bytes: &[u8] = &self.pixels[at..at + 3];
            [f32::from(bytes[0]), f32::from(bytes[1]), f32::from(bytes[2])]
        };
        let (a, b, c, d) = (pixel(left, top), pixel(right, top), pixel(left, bottom), pixel(right, bottom));
        std::array::from_fn(|channel| {
            let upper = a[channel] + (b[channel] - a[channel]) * beside;
            let lower = c[channel] + (d[channel] - c[channel]) * beside;
            upper + (lower - upper) * below
        })
    }
}

/// The two pixels whose centres a coordinate lies between, and how far along it lies.
#[inline]
fn between(coordinate: f32, count: usize) -> (usize, usize, f32) {
    let at = (coordinate - 0.5).clamp(0.0, (count - 1) as f32);
    let low = at as usize;
    (low, (low + 1).min(count - 1), at - low as f32)
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
    fn a_picture_of_the_same_size_comes_through_unchanged() {
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
    fn enlarging_interpolates_between_pixel_centres() {
        let half = Affine([0.5, 0.0, 1.0, 0.0, 0.5, 1.0]);
        let planes = warp(&ramp(4, 4), &half, 2, Range::Unit, Outside::Nearest);
        // Output centres lie at 1.25 and 1.75, that is 0.75 and 1.25 pixels from the first centre.
        assert!((planes[0] * 255.0 - 7.5).abs() < 1e-4 && (planes[1] * 255.0 - 12.5).abs() < 1e-4);
    }

    #[test]
    fn shrinking_averages_every_pixel_it_covers() {
        let mut picture = Rgb8::filled(64, 64, [0; 3]);
        for at in (0..64 * 64).filter(|at| (at / 64 + at % 64) % 2 == 0) {
            picture.set_pixel(at % 64, at / 64, [255; 3]);
        }
        let planes =
            warp(&picture, &Affine::onto_rectangle(8.0, 8.0, [0.0, 0.0, 64.0, 64.0]), 8, Range::Unit, Outside::Nearest);
        assert!(planes.iter().all(|value| (value - 0.5).abs() < 1e-5), "a fine chequer must turn into an even grey");
    }

    #[test]
    fn a_quarter_turn_reads_the_picture_sideways() {
        let turned = Affine::onto_square(4.0, [2.0, 2.0], 4.0, std::f32::consts::FRAC_PI_2);
        let planes = warp(&ramp(4, 4), &turned, 4, Range::Unit, Outside::Nearest);
        assert!((planes[0] * 255.0 - 30.0).abs() < 1e-3 && (planes[16] * 255.0).abs() < 1e-3);
    }

    #[test]
    fn outside_is_black_or_the_nearest_pixel() {
        let beside = Affine([1.0, 0.0, -10.0, 0.0, 1.0, 0.0]);
        let white = Rgb8::filled(4, 4, [255; 3]);
        let black = warp(&white, &beside, 4, Range::Signed, Outside::Black);
        assert!(black.iter().all(|value| *value == -1.0));
        let nearest = warp(&white, &beside, 4, Range::Signed, Outside::Nearest);
        assert!(nearest.iter().all(|value| *value == 1.0));
    }
}
