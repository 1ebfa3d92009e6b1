//! Renders a portrait: the order in which its parts are painted.

use image::{GrayImage, RgbImage};

use crate::canvas::Canvas;
use crate::colour::{Rgb, cloth, hair, skin};
use crate::eyes::{self, Eye};
use crate::frame::{Frame, Turn};
use crate::head::Skull;
use crate::mouth::{self, Mouth};
use crate::portrait::{HairShape, Portrait};
use crate::truth::GroundTruth;
use crate::{background, cover, glasses, head, jpeg, lens, light, print, torso};

/// A rendered portrait with its ground truth.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// The picture.
    pub picture: RgbImage,
    /// Person share of each pixel, 0 to 255, before any blur.
    pub person: GrayImage,
    /// The true positions and angles.
    pub truth: GroundTruth,
}

impl Drawing {
    /// The picture as a baseline JPEG file, 4:2:0, with a quality of 1 to 100.
    pub fn jpeg(&self, quality: u8) -> Vec<u8> {
        jpeg::encode(&self.picture, quality)
    }
}

impl Portrait {
    /// Renders the portrait with its mask and its ground truth. The same parameters give the same pixels.
    pub fn draw(&self) -> Drawing {
        let canvas = self.paint();
        let person = canvas.person.iter().map(|&share| (share * 255.0).round() as u8).collect();
        Drawing {
            picture: to_picture(&canvas),
            person: GrayImage::from_raw(self.width, self.height, person).expect("one byte per pixel"),
            truth: self.truth(),
        }
    }

    /// Renders the picture only.
    pub fn render(&self) -> RgbImage {
        to_picture(&self.paint())
    }

    /// Renders the picture as a JPEG file with the portrait's quality.
    pub fn jpeg(&self) -> Vec<u8> {
        jpeg::encode(&self.render(), self.quality)
    }

    fn paint(&self) -> Canvas {
        let mut canvas = Canvas::new(self.width, self.height);
        let frame = self.frame();
        background::draw(&mut canvas, self.background, self.seed);
        if self.shadow > 0.0 {
            background::shadow(&mut canvas, frame, self.shadow);
        }
        if self.bystander {
            let bystander = self.bystander_portrait();
            paint_person(&mut canvas, &bystander, bystander.frame());
        }
        if self.has_person {
            paint_person(&mut canvas, self, frame);
        }
        light::apply(&mut canvas, frame, &self.light);
        self.apply_camera(&mut canvas);
        canvas
    }

    fn apply_camera(&self, canvas: &mut Canvas) {
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

    /// Position of the stamp: beside the top of the head, inside the area of the standard photo.
    fn stamp_corner(&self) -> [f32; 2] {
        [self.centre[0] + 0.44 * self.face_width, self.centre[1] - 0.82 * self.face_width]
    }

    fn stamp_dot(&self) -> usize {
        (self.face_width / 75.0).max(1.0) as usize
    }

    /// The bystander: a smaller person on the left of the picture.
    fn bystander_portrait(&self) -> Self {
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

fn paint_person(canvas: &mut Canvas, portrait: &Portrait, frame: Frame) {
    let turn = Turn::new(portrait.yaw, portrait.pitch);
    let (skin, seed): (Rgb, u32) = (portrait.skin, portrait.seed);
    crate::hair::behind(&mut canvas.brush(frame), portrait.hair, portrait.hair_colour, seed);
    torso::draw(&mut canvas.brush(frame.upright(torso::HINGE)), portrait.cloth, skin, portrait.shoulders, seed);
    let brush = &mut canvas.brush(frame);
    if portrait.ears {
        head::ears(brush, skin, turn);
    }
    head::face(brush, skin, turn);
    head::nose(brush, skin, turn);
    mouth::draw(brush, &Mouth::of(portrait), skin, Skull::new(turn));
    for eye in Eye::pair(portrait) {
        eyes::draw(brush, &eye, skin, portrait.red_eyes);
    }
    for side in [-1.0, 1.0] {
        eyes::brow(brush, side, turn, portrait.hair_colour, seed);
    }
    head::texture(brush, turn, seed);
    crate::hair::in_front(brush, portrait, turn);
    glasses::draw(brush, portrait.glasses, turn);
    cover::draw(brush, portrait.cover, skin, turn);
}

pub(crate) fn to_picture(canvas: &Canvas) -> RgbImage {
    let bytes = canvas.pixels.iter().flat_map(|pixel| pixel.map(|c| (c + 0.5).clamp(0.0, 255.0) as u8)).collect();
    RgbImage::from_raw(canvas.width as u32, canvas.height as u32, bytes).expect("three bytes per pixel")
}
