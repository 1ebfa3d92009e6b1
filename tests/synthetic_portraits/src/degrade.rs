//! Degradations of any picture, each with a strength, for measuring the reliability of the checks.

use image::imageops::FilterType;
use image::{GrayImage, RgbImage, imageops};

use crate::canvas::Canvas;
use crate::colour::{Rgb, mix};
use crate::drawing::to_picture;
use crate::{jpeg, lens, light};

/// A degradation of a whole picture. The size of the picture does not change, and the same input gives the same output.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Degradation {
    /// Gaussian blur.
    Blur {
        /// Standard deviation in pixels.
        sigma_px: f32,
    },
    /// Motion blur along a straight line.
    Motion {
        /// Length in pixels.
        length_px: f32,
        /// Angle from the x axis.
        angle_deg: f32,
    },
    /// Sensor noise.
    Noise {
        /// Standard deviation in code values.
        sigma: f32,
        /// Seed of the noise.
        seed: u32,
    },
    /// More or less light.
    Exposure {
        /// Stops, positive for more light.
        stops: f32,
    },
    /// Changes the midtones.
    Gamma {
        /// Exponent of the values 0 to 1: above 1 the midtones become darker.
        power: f32,
    },
    /// Colour cast.
    Cast {
        /// Factors of the channels.
        gains: Rgb,
    },
    /// JPEG compression.
    Compression {
        /// Quality, 1 to 100.
        quality: u8,
    },
    /// Rotation about the centre; beyond the edge the border pixel is repeated.
    Tilt {
        /// Degrees, positive clockwise.
        deg: f32,
    },
    /// Reduction and enlargement to the same size.
    Resolution {
        /// Factor of the sides in between, above 0 and up to 1.
        share: f32,
    },
}

/// A kind of degradation.
#[derive(Debug, Clone, Copy)]
pub struct DegradationKind {
    /// Unique name.
    pub name: &'static str,
    /// The degradation with a strength from 0 (no effect) to 1 (severe).
    pub at: fn(f32) -> Degradation,
}

/// Every kind of degradation.
pub const DEGRADATION_KINDS: [DegradationKind; 11] = [
    DegradationKind { name: "blur", at: |s| Degradation::Blur { sigma_px: 8.0 * s } },
    DegradationKind { name: "motion", at: |s| Degradation::Motion { length_px: 40.0 * s, angle_deg: 20.0 } },
    DegradationKind { name: "noise", at: |s| Degradation::Noise { sigma: 40.0 * s, seed: 9 } },
    DegradationKind { name: "underexposure", at: |s| Degradation::Exposure { stops: -4.0 * s } },
    DegradationKind { name: "overexposure", at: |s| Degradation::Exposure { stops: 3.0 * s } },
    DegradationKind { name: "dark-gamma", at: |s| Degradation::Gamma { power: 1.0 + 2.0 * s } },
    DegradationKind { name: "warm-cast", at: |s| Degradation::Cast { gains: [1.0 + 0.2 * s, 1.0, 1.0 - 0.5 * s] } },
    DegradationKind { name: "cold-cast", at: |s| Degradation::Cast { gains: [1.0 - 0.5 * s, 1.0, 1.0 + 0.2 * s] } },
    DegradationKind { name: "compression", at: |s| Degradation::Compression { quality: (100.0 - 98.0 * s) as u8 } },
    DegradationKind { name: "tilt", at: |s| Degradation::Tilt { deg: 45.0 * s } },
    DegradationKind { name: "resolution", at: |s| Degradation::Resolution { share: 1.0 - 0.95 * s } },
];

impl Degradation {
    /// The degraded picture.
    pub fn apply(self, picture: &RgbImage) -> RgbImage {
        match self {
            Self::Compression { quality } => jpeg::decode(&jpeg::encode(picture, quality)),
            Self::Resolution { share } => resampled(picture, share),
            Self::Tilt { deg } => tilted(picture, deg),
            _ => self.apply_to_pixels(picture),
        }
    }

    fn apply_to_pixels(self, picture: &RgbImage) -> RgbImage {
        let mut canvas = to_canvas(picture);
        match self {
            Self::Blur { sigma_px } => lens::blur(&mut canvas, sigma_px),
            Self::Motion { length_px, angle_deg } => lens::motion(&mut canvas, length_px, angle_deg),
            Self::Noise { sigma, seed } => lens::noise(&mut canvas, sigma, seed),
            Self::Exposure { stops } => canvas.map_pixels(|_, _, pixel| pixel.map(|c| light::exposed(c, stops))),
            Self::Gamma { power } => canvas.map_pixels(|_, _, pixel| pixel.map(|c| 255.0 * (c / 255.0).powf(power))),
            Self::Cast { gains } => {
                canvas.map_pixels(|_, _, pixel| std::array::from_fn(|c| (pixel[c] * gains[c]).min(255.0)))
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
    to.map_pixels(|x, y, _| {
        let (dx, dy) = (x - middle[0], y - middle[1]);
        between(&from, middle[0] + dx * cos + dy * sin, middle[1] + dy * cos - dx * sin)
    });
    to_picture(&to)
}

/// The bilinear colour at a position between pixel centres.
fn between(canvas: &Canvas, x: f32, y: f32) -> Rgb {
    let x = (x - 0.5).clamp(0.0, canvas.width as f32 - 1.0);
    let y = (y - 0.5).clamp(0.0, canvas.height as f32 - 1.0);
    let (left, top) = (x as usize, y as usize);
    let (right, bottom) = ((left + 1).min(canvas.width - 1), (top + 1).min(canvas.height - 1));
    let at = |x: usize, y: usize| canvas.pixels[y * canvas.width + x];
    let upper = mix(at(left, top), at(right, top), x.fract());
    mix(upper, mix(at(left, bottom), at(right, bottom), x.fract()), y.fract())
}

/// Replaces the background by one colour. `person` is 255 where the person is.
///
/// # Panics
///
/// When the mask does not have the size of the picture.
pub fn recolour(picture: &RgbImage, person: &GrayImage, colour: [u8; 3]) -> RgbImage {
    assert_eq!(picture.dimensions(), person.dimensions(), "one mask value per pixel");
    let mut changed = picture.clone();
    for (pixel, mask) in changed.pixels_mut().zip(person.pixels()) {
        let kept = f32::from(mask.0[0]) / 255.0;
        pixel.0 = mix(colour.map(f32::from), pixel.0.map(f32::from), kept).map(|c| c.round() as u8);
    }
    changed
}

/// Paints a bar from one point to another, which extends `reach` pixels beyond both points and to both sides. Used to
/// cover both eyes or the mouth.
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

/// The lid edges of an open eye in picture pixels, both from the same corner to the other corner.
#[derive(Debug, Clone, PartialEq)]
pub struct Lids {
    /// Upper lid.
    pub upper: Vec<[f32; 2]>,
    /// Lower lid.
    pub lower: Vec<[f32; 2]>,
}

/// Height of the skin above the upper lid that is stretched over a shut eye, in eye widths.
const STRETCHED: f32 = 0.45;
/// Length of the lashes below the upper lid, in eye widths; they move with the lid.
const LASHES: f32 = 0.03;
/// Overlap of a shut lid with the lower lid, in eye widths, so that nothing of the eye is visible.
const OVERLAP: f32 = 0.05;

/// Lowers the upper lid over the eye by a share of the opening; 1 shuts the eye. The skin above the lid is stretched.
///
/// # Panics
///
/// When a lid has fewer than two points.
pub fn lid_lowered(picture: &RgbImage, lids: &Lids, share: f32) -> RgbImage {
    let ([from, .., to], Some(_)) = (lids.upper.as_slice(), lids.lower.get(1)) else {
        panic!("a lid has at least two points")
    };
    let (dx, dy) = (to[0] - from[0], to[1] - from[1]);
    let width = dx.hypot(dy).max(1.0);
    // Eye coordinates: along the line of the corners, and perpendicular to it towards the chin.
    let down = if dx < 0.0 { -1.0 } else { 1.0 };
    let (ax, ay) = (dx / width, dy / width);
    let to_eye = |[x, y]: [f32; 2]| {
        let (x, y) = (x - from[0], y - from[1]);
        [x * ax + y * ay, down * (y * ax - x * ay)]
    };
    let lid_points = |points: &[[f32; 2]]| points.iter().map(|point| to_eye(*point)).collect::<Vec<_>>();
    let (upper, lower) = (lid_points(&lids.upper), lid_points(&lids.lower));
    let top = upper.iter().map(|point| point[1]).fold(0.0, f32::min) - STRETCHED * width;
    let source = to_canvas(picture);
    let mut changed = source.clone();
    changed.map_pixels(|x, y, pixel| {
        let [along, across] = to_eye([x, y]);
        let (Some(open), Some(shut)) = (height(&upper, along), height(&lower, along)) else { return pixel };
        let open = open + LASHES * width;
        let lid = open + (shut + OVERLAP * width - open) * share;
        if !(top..lid).contains(&across) {
            return pixel;
        }
        let across = top + (across - top) * (open - top) / (lid - top);
        let (rise, run) = (down * across, along);
        between(&source, from[0] + run * ax - rise * ay, from[1] + run * ay + rise * ax)
    });
    to_picture(&changed)
}

/// Height of a polyline at one position along its base.
fn height(line: &[[f32; 2]], along: f32) -> Option<f32> {
    line.windows(2).find_map(|step| {
        let ([x, y], [next_x, next_y]) = (step[0], step[1]);
        (x..=next_x).contains(&along).then(|| y + (next_y - y) * (along - x) / (next_x - x).max(1e-3))
    })
}
