//! A captcha's picture: distorted characters with lines across them and noise.

use std::io::Cursor;

use app::random::Random;
use image::{GrayImage, ImageError, ImageFormat, Luma};

use super::strokes;

const WIDTH: u32 = 160;
const HEIGHT: u32 = 56;
/// Half the width of a stroke, px.
const PEN_RADIUS: f32 = 1.7;
/// Lines across the characters.
const LINES: usize = 4;

type Point = (f32, f32);

/// `text` as a PNG of 160 by 56 px.
///
/// # Errors
/// The PNG encoder failed.
pub fn png(text: &str, random: &dyn Random) -> Result<Vec<u8>, ImageError> {
    let mut floats = RandomFloats(random);
    let mut ink = vec![0_f32; (WIDTH * HEIGHT) as usize];
    let wave =
        Wave { height: floats.between(2., 4.), length: floats.between(35., 60.), phase: floats.between(0., 6.3) };
    let step = (WIDTH as f32 - 24.) / text.chars().count().max(1) as f32;
    for (position, character) in text.chars().enumerate() {
        let transform = Transform::random(12. + step * (position as f32 + 0.5), &mut floats);
        let strength = floats.between(0.75, 1.);
        for stroke in strokes::of(character) {
            let points: Vec<Point> = stroke.iter().map(|point| wave.apply(transform.apply(*point))).collect();
            points.windows(2).for_each(|ends| draw_segment(&mut ink, ends[0], ends[1], PEN_RADIUS, strength));
        }
    }
    for _ in 0..LINES {
        let from = (0., floats.between(6., 50.));
        let middle = (floats.between(50., 110.), floats.between(6., 50.));
        let to = (WIDTH as f32, floats.between(6., 50.));
        draw_segment(&mut ink, from, middle, 0.8, 0.7);
        draw_segment(&mut ink, middle, to, 0.8, 0.7);
    }
    let pixel = |x: u32, y: u32| {
        let paper = 235. + floats.between(-14., 14.);
        Luma([(paper - ink[(y * WIDTH + x) as usize] * 190.).clamp(0., 255.) as u8])
    };
    let mut png = Cursor::new(Vec::new());
    GrayImage::from_fn(WIDTH, HEIGHT, pixel).write_to(&mut png, ImageFormat::Png)?;
    Ok(png.into_inner())
}

/// The position and the distortion of one character.
struct Transform {
    x: f32,
    y: f32,
    size: f32,
    cos: f32,
    sin: f32,
    shear: f32,
}

impl Transform {
    fn random(x: f32, floats: &mut RandomFloats<'_>) -> Self {
        let (sin, cos) = floats.between(-0.3, 0.3).sin_cos();
        let y = HEIGHT as f32 / 2. + floats.between(-4., 4.);
        Self { x, y, size: floats.between(4.4, 5.6), cos, sin, shear: floats.between(-0.25, 0.25) }
    }

    fn apply(&self, (x, y): Point) -> Point {
        let (x, y) = ((x - 2.) * self.size, (y - 3.) * self.size);
        let x = x + y * self.shear;
        (self.x + x * self.cos - y * self.sin, self.y + x * self.sin + y * self.cos)
    }
}

/// A sine wave that bends the text vertically.
struct Wave {
    height: f32,
    length: f32,
    phase: f32,
}

impl Wave {
    fn apply(&self, (x, y): Point) -> Point {
        (x, y + self.height * (x / self.length * std::f32::consts::TAU + self.phase).sin())
    }
}

/// Draws a segment, with an edge that fades over one pixel.
fn draw_segment(ink: &mut [f32], a: Point, b: Point, pen: f32, strength: f32) {
    let reach = pen + 1.;
    let span =
        |low: f32, high: f32, most: u32| ((low - reach).max(0.) as u32)..((high + reach).max(0.) as u32 + 1).min(most);
    for y in span(a.1.min(b.1), a.1.max(b.1), HEIGHT) {
        for x in span(a.0.min(b.0), a.0.max(b.0), WIDTH) {
            let far = distance((x as f32, y as f32), a, b);
            let dark = (reach - far).clamp(0., 1.) * strength;
            let spot = &mut ink[(y * WIDTH + x) as usize];
            *spot = spot.max(dark);
        }
    }
}

fn distance(point: Point, a: Point, b: Point) -> f32 {
    let (dx, dy) = (b.0 - a.0, b.1 - a.1);
    let length = (dx * dx + dy * dy).max(f32::EPSILON);
    let along = (((point.0 - a.0) * dx + (point.1 - a.1) * dy) / length).clamp(0., 1.);
    (point.0 - a.0 - along * dx).hypot(point.1 - a.1 - along * dy)
}

/// Random numbers within bounds.
struct RandomFloats<'a>(&'a dyn Random);

impl RandomFloats<'_> {
    fn between(&mut self, low: f32, high: f32) -> f32 {
        let mut bytes = [0; 2];
        self.0.fill(&mut bytes);
        low + (high - low) * f32::from(u16::from_le_bytes(bytes)) / f32::from(u16::MAX)
    }
}

#[cfg(test)]
mod tests {
    use app::random::SeededRandom;

    use super::*;

    /// Covers: UA-07
    #[test]
    fn picture_shows_every_character_and_differs_each_time() {
        let dark = |text: &str, seed| {
            let png = png(text, &SeededRandom::new(seed)).unwrap();
            let picture = image::load_from_memory(&png).unwrap().to_luma8();
            assert_eq!(picture.dimensions(), (WIDTH, HEIGHT));
            picture.pixels().filter(|pixel| pixel.0[0] < 120).count()
        };
        let blank = dark("", 1);
        for character in "ACDEFHJKMNPQRTUVWXY34679".chars() {
            assert!(!strokes::of(character).is_empty(), "{character}");
            assert!(dark(&character.to_string(), 1) > blank + 60, "{character}");
        }
        assert_ne!(png("ACDEF", &SeededRandom::new(1)).unwrap(), png("ACDEF", &SeededRandom::new(2)).unwrap());
    }
}
