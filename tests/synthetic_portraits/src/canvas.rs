//! Paints shapes with soft edges, which are given as distance functions, and records which pixels belong to the person.

use crate::colour::{Rgb, mix, times};
use crate::frame::Frame;

/// Pixels as floats, and the person share of each pixel (0 to 1).
#[derive(Debug, Clone)]
pub(crate) struct Canvas {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<Rgb>,
    pub person: Vec<f32>,
}

impl Canvas {
    pub fn new(width: u32, height: u32) -> Self {
        let (width, height) = (width as usize, height as usize);
        Self { width, height, pixels: vec![[0.0; 3]; width * height], person: vec![0.0; width * height] }
    }

    /// Replaces every pixel by `f(x, y, pixel)`; `x` and `y` are the pixel's centre.
    pub fn map_pixels(&mut self, f: impl Fn(f32, f32, Rgb) -> Rgb) {
        for (y, row) in self.pixels.chunks_exact_mut(self.width).enumerate() {
            for (x, pixel) in row.iter_mut().enumerate() {
                *pixel = f(x as f32 + 0.5, y as f32 + 0.5, *pixel);
            }
        }
    }

    pub fn brush(&mut self, frame: Frame) -> Brush<'_> {
        Brush { canvas: self, frame, clip: None }
    }
}

/// A box in head coordinates that limits a stroke.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Area {
    pub left: f32,
    pub top: f32,
    pub right: f32,
    pub bottom: f32,
}

impl Area {
    /// The box with the given half width and half height around a centre.
    pub fn around(u: f32, v: f32, half_width: f32, half_height: f32) -> Self {
        Self { left: u - half_width, top: v - half_height, right: u + half_width, bottom: v + half_height }
    }

    pub fn new(left: f32, top: f32, right: f32, bottom: f32) -> Self {
        Self { left, top, right, bottom }
    }
}

/// Signed distance to a superellipse, negative inside. `power` 2 is an ellipse; with larger values it approaches a box.
pub(crate) fn ellipse(u: f32, v: f32, area: Area, power: f32) -> f32 {
    let (a, b) = ((area.right - area.left) / 2.0, (area.bottom - area.top) / 2.0);
    let x = ((u - (area.left + area.right) / 2.0) / a).abs();
    let y = ((v - (area.top + area.bottom) / 2.0) / b).abs();
    let q = if power == 2.0 { x.hypot(y) } else { (x.powf(power) + y.powf(power)).powf(1.0 / power) };
    (q - 1.0) * a.min(b)
}

/// An elliptic Gaussian of height 1 at `at`, with the half axes `a` and `b`.
pub(crate) fn blob(u: f32, v: f32, at: [f32; 2], a: f32, b: f32) -> f32 {
    (-(((u - at[0]) / a).powi(2) + ((v - at[1]) / b).powi(2))).exp()
}

/// Smaller shares do not change an 8-bit value.
const LEAST: f32 = 1e-3;

/// Paints on a canvas in head coordinates.
pub(crate) struct Brush<'a> {
    canvas: &'a mut Canvas,
    frame: Frame,
    clip: Option<&'a dyn Fn(f32, f32) -> f32>,
}

impl<'a> Brush<'a> {
    /// A brush whose opacity is multiplied by `clip(u, v)`, 0 to 1.
    pub fn clipped<'b>(&'b mut self, clip: &'b dyn Fn(f32, f32) -> f32) -> Brush<'b> {
        Brush { canvas: self.canvas, frame: self.frame, clip: Some(clip) }
    }

    /// Fills the area where `distance < 0` with a colour. The edge is `soft` head units wide, at least about a pixel.
    pub fn fill(&mut self, area: Area, soft: f32, colour: Rgb, distance: impl Fn(f32, f32) -> f32) {
        self.fill_with(area, soft, 1.0, distance, |_, _, _| colour);
    }

    /// As [`Self::fill`], with an opacity of 0 to 1.
    pub fn wash(&mut self, area: Area, soft: f32, colour: Rgb, opacity: f32, distance: impl Fn(f32, f32) -> f32) {
        self.fill_with(area, soft, opacity, distance, |_, _, _| colour);
    }

    /// As [`Self::fill`], with a colour that depends on the position and on the colour below.
    pub fn fill_with(
        &mut self,
        area: Area,
        soft: f32,
        opacity: f32,
        distance: impl Fn(f32, f32) -> f32,
        colour: impl Fn(f32, f32, Rgb) -> Rgb,
    ) {
        let soft = soft.max(0.7 / self.frame.scale);
        let grown = Area::new(area.left - soft, area.top - soft, area.right + soft, area.bottom + soft);
        self.paint(grown, |u, v, below, _| {
            let t = (0.5 - distance(u, v) / (2.0 * soft)).clamp(0.0, 1.0);
            let cover = t * t * (3.0 - 2.0 * t) * opacity;
            (if cover > 0.0 { colour(u, v, below) } else { below }, cover)
        });
    }

    /// Multiplies the colours of the person by `factor`, weighted by `strength(u, v)`.
    pub fn shade(&mut self, area: Area, factor: Rgb, strength: impl Fn(f32, f32) -> f32) {
        self.paint(area, |u, v, below, person| (times(below, factor), strength(u, v) * person));
    }

    /// Mixes a colour into the colours of the person, weighted by `strength(u, v)`.
    pub fn glow(&mut self, area: Area, colour: Rgb, strength: impl Fn(f32, f32) -> f32) {
        self.paint(area, |u, v, _, person| (colour, strength(u, v) * person));
    }

    /// `f(u, v, below, person)` returns a colour and its opacity. Every painted pixel belongs to the person.
    fn paint(&mut self, area: Area, f: impl Fn(f32, f32, Rgb, f32) -> (Rgb, f32)) {
        let [left, top, right, bottom] = self.pixel_box(area);
        for y in top..bottom {
            for x in left..right {
                let [u, v] = self.frame.to_head(x as f32 + 0.5, y as f32 + 0.5);
                if u < area.left || u > area.right || v < area.top || v > area.bottom {
                    continue;
                }
                let at = y * self.canvas.width + x;
                let (colour, share) = f(u, v, self.canvas.pixels[at], self.canvas.person[at]);
                if share < LEAST {
                    continue;
                }
                let share = self.clip.map_or(share, |clip| share * clip(u, v));
                if share >= LEAST {
                    self.canvas.pixels[at] = mix(self.canvas.pixels[at], colour, share);
                    self.canvas.person[at] += (1.0 - self.canvas.person[at]) * share;
                }
            }
        }
    }

    fn pixel_box(&self, area: Area) -> [usize; 4] {
        let corners =
            [(area.left, area.top), (area.right, area.top), (area.left, area.bottom), (area.right, area.bottom)]
                .map(|(u, v)| self.frame.to_picture(u, v));
        let low = |axis: usize, side: usize| {
            corners.iter().map(|c| c[axis]).fold(f32::INFINITY, f32::min).floor().clamp(0.0, side as f32) as usize
        };
        let high = |axis: usize, side: usize| {
            corners.iter().map(|c| c[axis]).fold(f32::NEG_INFINITY, f32::max).ceil().clamp(0.0, side as f32) as usize
        };
        let (width, height) = (self.canvas.width, self.canvas.height);
        [low(0, width), low(1, height), high(0, width), high(1, height)]
    }
}
