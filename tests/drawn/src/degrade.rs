//! Ways in which a picture of anybody gets worse, each with a strength: for measuring how far a check can be trusted.

use image::imageops::FilterType;
use image::{GrayImage, RgbImage, imageops};

use crate::canvas::Canvas;
use crate::colour::{Rgb, mix};
use crate::drawing::to_picture;
use crate::{jpeg, lens, light};

/// One degradation of a whole picture. The size of the picture stays; the same input gives the same output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Degradation {
    /// Gaussian blur.
    Blur { sigma_px: f32 },
    /// A straight smear; the angle is from the x axis.
    Motion { length_px: f32, angle_deg: f32 },
    /// Sensor noise.
    Noise { sigma: f32, seed: u32 },
    /// Stops more or less light.
    Exposure { stops: f32 },
    /// Raises levels, as shares of 255, to a power: above 1 darkens the middle.
    Gamma { power: f32 },
    /// Multiplies the channels.
    Cast { gains: Rgb },
    /// Through a JPEG file of that quality, 1 to 100.
    Compression { quality: u8 },
    /// Clockwise about the middle; the edge is continued outside.
    Tilt { deg: f32 },
    /// Made smaller by this share (above 0, up to 1) and enlarged again.
    Resolution { share: f32 },
}

/// A kind of degradation by name, and its value at a strength from 0 (nothing) to 1 (severe).
#[derive(Debug, Clone, Copy)]
pub struct Ramp {
    pub name: &'static str,
    pub at: fn(f32) -> Degradation,
}

/// Every kind, for a harness to climb.
pub const RAMPS: [Ramp; 11] = [
    Ramp { name: "blur", at: |s| Degradation::Blur { sigma_px: 8.0 * s } },
    Ramp { name: "motion", at: |s| Degradation::Motion { length_px: 40.0 * s, angle_deg: 20.0 } },
    Ramp { name: "noise", at: |s| Degradation::Noise { sigma: 40.0 * s, seed: 9 } },
    Ramp { name: "underexposure", at: |s| Degradation::Exposure { stops: -4.0 * s } },
    Ramp { name: "overexposure", at: |s| Degradation::Exposure { stops: 3.0 * s } },
    Ramp { name: "dark-gamma", at: |s| Degradation::Gamma { power: 1.0 + 2.0 * s } },
    Ramp { name: "warm-cast", at: |s| Degradation::Cast { gains: [1.0 + 0.2 * s, 1.0, 1.0 - 0.5 * s] } },
    Ramp { name: "cold-cast", at: |s| Degradation::Cast { gains: [1.0 - 0.5 * s, 1.0, 1.0 + 0.2 * s] } },
    Ramp { name: "compression", at: |s| Degradation::Compression { quality: (100.0 - 98.0 * s) as u8 } },
    Ramp { name: "tilt", at: |s| Degradation::Tilt { deg: 45.0 * s } },
    Ramp { name: "resolution", at: |s| Degradation::Resolution { share: 1.0 - 0.95 * s } },
];

impl Degradation {
    pub fn apply(self, picture: &RgbImage) -> RgbImage {
        match self {
            Self::Compression { quality } => jpeg::decode(&jpeg::encode(picture, quality)),
            Self::Resolution { share } => resampled(picture, share),
            Self::Tilt { deg } => tilted(picture, deg),
            _ => self.repaint(picture),
        }
    }

    fn repaint(self, picture: &RgbImage) -> RgbImage {
        let mut canvas = to_canvas(picture);
        match self {
            Self::Blur { sigma_px } => lens::blur(&mut canvas, sigma_px),
            Self::Motion { length_px, angle_deg } => lens::motion(&mut canvas, length_px, angle_deg),
            Self::Noise { sigma, seed } => lens::noise(&mut canvas, sigma, seed),
            Self::Exposure { stops } => canvas.each(|_, _, pixel| pixel.map(|c| light::exposed(c, stops))),
            Self::Gamma { power } => canvas.each(|_, _, pixel| pixel.map(|c| 255.0 * (c / 255.0).powf(power))),
            Self::Cast { gains } => {
                canvas.each(|_, _, pixel| std::array::from_fn(|c| (pixel[c] * gains[c]).min(255.0)))
            }
            Self::Compression { .. } | Self::Tilt { .. } | Self::Resolution { .. } => {}
        }
        to_picture(&canvas)
    }
}

fn to_canvas(picture: &RgbImage) -> Canvas {
    let mut canvas = Canvas::new(picture.width(), picture.height());
    for (to, from) in canvas.pixels.iter_mut().zip(picture.pixels()) {
        *to = from.0.map(f32::from);
    }
    canvas
}

fn resampled(picture: &RgbImage, share: f32) -> RgbImage {
    let (width, height) = picture.dimensions();
    let less = |side: u32| ((side as f32 * share.clamp(0.0, 1.0)).round() as u32).max(1);
    if (less(width), less(height)) == (width, height) {
        return picture.clone();
    }
    let small = imageops::resize(picture, less(width), less(height), FilterType::Triangle);
    imageops::resize(&small, width, height, FilterType::Triangle)
}

fn tilted(picture: &RgbImage, deg: f32) -> RgbImage {
    let from = to_canvas(picture);
    let mut to = from.clone();
    let (sin, cos) = deg.to_radians().sin_cos();
    let middle = [from.width as f32 / 2.0, from.height as f32 / 2.0];
    to.each(|x, y, _| {
        let (dx, dy) = (x - middle[0], y - middle[1]);
        between(&from, middle[0] + dx * cos + dy * sin, middle[1] + dy * cos - dx * sin)
    });
    to_picture(&to)
}

/// The colour at a place between pixel centres.
fn between(canvas: &Canvas, x: f32, y: f32) -> Rgb {
    let x = (x - 0.5).clamp(0.0, canvas.width as f32 - 1.0);
    let y = (y - 0.5).clamp(0.0, canvas.height as f32 - 1.0);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(canvas.width - 1), (top + 1).min(canvas.height - 1));
    let at = |x: usize, y: usize| canvas.pixels[y * canvas.width + x];
    let upper = mix(at(left, top), at(right, top), x.fract());
    mix(upper, mix(at(left, bottom), at(right, bottom), x.fract()), y.fract())
}

/// Puts a person (255 in the mask) before a backdrop of one colour. The mask has the picture's size.
///
/// # Panics
/// When the sizes differ.
pub fn recolour(picture: &RgbImage, person: &GrayImage, colour: [u8; 3]) -> RgbImage {
    assert_eq!(picture.dimensions(), person.dimensions(), "one mask value a pixel");
    let mut changed = picture.clone();
    for (pixel, mask) in changed.pixels_mut().zip(person.pixels()) {
        let kept = f32::from(mask.0[0]) / 255.0;
        pixel.0 = mix(colour.map(f32::from), pixel.0.map(f32::from), kept).map(|c| c.round() as u8);
    }
    changed
}

/// Lays a bar over a picture, from one point to another and `reach` px beyond them on every side: over the eyes from one eye to
/// the other, over the mouth from corner to corner.
pub fn bar(picture: &RgbImage, from: [f32; 2], to: [f32; 2], reach: f32, colour: [u8; 3]) -> RgbImage {
    let mut changed = picture.clone();
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let length = dx.hypot(dy).max(1e-3);
    for (x, y, pixel) in changed.enumerate_pixels_mut() {
        let (px, py) = (x as f32 + 0.5 - from[0], y as f32 + 0.5 - from[1]);
        let along = (px * dx + py * dy) / length;
        let across = (py * dx - px * dy) / length;
        if across.abs() <= reach && (-reach..=length + reach).contains(&along) {
            pixel.0 = colour;
        }
    }
    changed
}
