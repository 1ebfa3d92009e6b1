//! From parameters to pixels: the order in which things are painted.

use image::{GrayImage, RgbImage};

use crate::canvas::Canvas;
use crate::colour::{Rgb, cloth, hair, skin};
use crate::eyes::{self, Eye};
use crate::frame::{Frame, Turn};
use crate::head::Skull;
use crate::mouth::{self, Mouth};
use crate::portrait::{HairShape, Portrait};
use crate::truth::Truth;
use crate::{backdrop, cover, glasses, head, jpeg, lens, light, print, torso};

/// A drawn portrait and what is known about it.
#[derive(Debug, Clone)]
pub struct Drawing {
    pub picture: RgbImage,
    /// How much of each pixel belongs to a person, 0 to 255, before any blur.
    pub person: GrayImage,
    pub truth: Truth,
}

impl Drawing {
    /// A baseline JPEG, 4:2:0, at a quality of 1 to 100.
    pub fn jpeg(&self, quality: u8) -> Vec<u8> {
        jpeg::encode(&self.picture, quality)
    }
}

impl Portrait {
    /// Draws it: the same parameters give the same pixels.
    pub fn draw(&self) -> Drawing {
        let canvas = self.paint();
        let person = canvas.person.iter().map(|&share| (share * 255.0).round() as u8).collect();
        Drawing {
            picture: to_picture(&canvas),
            person: GrayImage::from_raw(self.width, self.height, person).expect("one byte a pixel"),
            truth: self.truth(),
        }
    }

    pub fn render(&self) -> RgbImage {
        to_picture(&self.paint())
    }

    /// The JPEG file at the portrait's own quality.
    pub fn jpeg(&self) -> Vec<u8> {
        jpeg::encode(&self.render(), self.quality)
    }

    fn paint(&self) -> Canvas {
        let mut canvas = Canvas::new(self.width, self.height);
        let frame = self.frame();
        backdrop::draw(&mut canvas, self.backdrop, self.seed);
        if self.shadow > 0.0 {
            backdrop::shadow(&mut canvas, frame, self.shadow);
        }
        if self.bystander {
            let other = self.other();
            person(&mut canvas, &other, other.frame());
        }
        if self.somebody {
            person(&mut canvas, self, frame);
        }
        light::fall(&mut canvas, frame, &self.light);
        self.photograph(&mut canvas);
        canvas
    }

    fn photograph(&self, canvas: &mut Canvas) {
        lens::blur(canvas, self.lens.blur);
        lens::motion(canvas, self.lens.motion.0, self.lens.motion.1);
        lens::noise(canvas, self.lens.noise, self.seed);
        lens::pixelate(canvas, self.lens.block);
        if self.grey {
            print::grey(canvas);
        }
        if let Some((thickness, colour)) = self.border {
            print::border(canvas, thickness, colour);
        }
        if let Some(text) = self.stamp {
            print::stamp(canvas, text, self.stamp_corner(), self.stamp_dot());
        }
    }

    /// Beside the top of the head, inside what a standard photo keeps.
    fn stamp_corner(&self) -> [f32; 2] {
        [self.centre[0] + 0.44 * self.face_width, self.centre[1] - 0.82 * self.face_width]
    }

    fn stamp_dot(&self) -> usize {
        (self.face_width / 75.0).max(1.0) as usize
    }

    /// The bystander: somebody else, smaller, on the picture's left.
    fn other(&self) -> Self {
        let left = self.centre[0] - 0.95 * self.face_width;
        Self::new(self.width, self.height)
            .face_width(self.face_width * 0.5)
            .centre(left, self.centre[1] + 0.1 * self.face_width)
            .skin(skin::FAIR)
            .hair(HairShape::Tied, hair::BROWN)
            .cloth(cloth::WINE)
            .seed(self.seed ^ 0xB5)
    }
}

fn person(canvas: &mut Canvas, who: &Portrait, frame: Frame) {
    let turn = Turn::new(who.yaw, who.pitch);
    let (skin, seed): (Rgb, u32) = (who.skin, who.seed);
    crate::hair::behind(&mut canvas.brush(frame), who.hair, who.hair_colour, seed);
    torso::draw(&mut canvas.brush(frame.upright(torso::HINGE)), who.cloth, skin, who.shoulders, seed);
    let brush = &mut canvas.brush(frame);
    if who.ears {
        head::ears(brush, skin, turn);
    }
    head::face(brush, skin, turn);
    head::nose(brush, skin, turn);
    mouth::draw(brush, &Mouth::of(who), skin, Skull::new(turn));
    for eye in Eye::pair(who) {
        eyes::draw(brush, &eye, skin, who.red_eyes);
    }
    for side in [-1.0, 1.0] {
        eyes::brow(brush, side, turn, who.hair_colour, seed);
    }
    head::texture(brush, turn, seed);
    crate::hair::in_front(brush, who, turn);
    glasses::draw(brush, who.glasses, turn);
    cover::draw(brush, who.cover, skin, turn);
}

pub(crate) fn to_picture(canvas: &Canvas) -> RgbImage {
    let bytes = canvas.pixels.iter().flat_map(|pixel| pixel.map(|c| (c + 0.5).clamp(0.0, 255.0) as u8)).collect();
    RgbImage::from_raw(canvas.width as u32, canvas.height as u32, bytes).expect("three bytes a pixel")
}
