//! A person cut out of a good photo at one size, ready to be spoiled by known amounts.

use domain::card::Card;
use drawn::Portrait;
use drawn::degrade::Lids;
use image::{GrayImage, RgbImage};
use inspection::image::Rgb8;
use inspection::landmark;
use inspection::locate::Locator;
use inspection::locate::geometry::{Affine, Point};
use inspection::scene::Subject;
use inspection::{Options, look, portrait, render::resample};

use crate::{Trouble, photo};

/// A face in the cut picture is at most this wide, so that a strength means the same on every photo.
pub const FACE_PX: f32 = 240.0;
/// Narrower faces are too coarse to say anything about blur.
const NARROWEST_PX: f32 = 100.0;
/// What is kept beside, above and below the middle of the eyes, in face widths.
const BESIDE: f32 = 1.15;
const ABOVE: f32 = 1.15;
const BELOW: f32 = 1.6;
/// Compression of the files that are judged.
pub const QUALITY: u8 = 95;

#[derive(Debug, Clone)]
pub struct Sitter {
    pub picture: RgbImage,
    /// 255 where the person is.
    pub person: GrayImage,
    /// Face width by [`FACE_PX`], at most 1: lengths in pixels are multiplied with it.
    pub size: f32,
    pub eyes: [Point; 2],
    pub mouth: [Point; 2],
    /// Of the eyes whose rims were measured.
    pub lids: Vec<Lids>,
    /// The parameters it was drawn from, when it was.
    pub drawn: Option<Portrait>,
}

impl Sitter {
    /// `None` when there is no face of a useful size.
    pub fn find(locator: &Locator, jpeg: &[u8]) -> Result<Option<Self>, Trouble> {
        let (file, options) = (look::File::read_fully(jpeg), Options::default());
        let scene = look::scene(locator, &file, jpeg.len(), Card::ResidentId, &options)?;
        let Some(view) = &scene.view else { return Ok(None) };
        let Some(subject) = view.subject.as_ref().filter(|subject| subject.head.face_width >= NARROWEST_PX) else {
            return Ok(None);
        };
        Ok(Some(Self::cut(view.picture, subject)))
    }

    pub fn drawn(locator: &Locator, portrait: Portrait) -> Result<Option<Self>, Trouble> {
        let sitter = Self::find(locator, &portrait.jpeg())?;
        Ok(sitter.map(|sitter| Self { drawn: Some(portrait), ..sitter }))
    }

    fn cut(picture: &Rgb8, subject: &Subject) -> Self {
        let head = &subject.head;
        let step = (head.face_width / FACE_PX).max(1.0);
        let [x, y] = head.eye_middle;
        let reach = |share: f32| share * head.face_width;
        let (left, top) = ((x - reach(BESIDE)).max(0.0), (y - reach(ABOVE)).max(0.0));
        let right = (x + reach(BESIDE)).min(picture.width as f32);
        let bottom = (y + reach(BELOW)).min(picture.height as f32);
        let (width, height) = (((right - left) / step) as u32, ((bottom - top) / step) as u32);
        let to_picture = Affine([step, 0.0, left, 0.0, step, top]);
        let to_cut = |point: Point| [(point[0] - left) / step, (point[1] - top) / step];
        Self {
            picture: rgb_image(resample::cut(picture, &to_picture, width, height)),
            person: person(subject, &to_picture, width, height),
            size: (head.face_width / FACE_PX).min(1.0),
            eyes: head.eyes.map(to_cut),
            mouth: landmark::MOUTH_CORNERS.map(|index| to_cut(landmark::at(&head.mesh, index))),
            lids: head
                .mesh
                .eyes
                .iter()
                .flatten()
                .map(|eye| lids(eye.contour.iter().copied().map(to_cut).collect()))
                .collect(),
            drawn: None,
        }
    }

    pub fn between_eyes(&self) -> f32 {
        (self.eyes[1][0] - self.eyes[0][0]).hypot(self.eyes[1][1] - self.eyes[0][1])
    }
}

/// The rims as the iris network draws them: the lower one from corner to corner, then the upper one without them.
fn lids(contour: Vec<Point>) -> Lids {
    let (lower, between) = contour[..16].split_at(9);
    let upper = [&lower[..1], between, &lower[8..]].concat();
    Lids { upper, lower: lower.to_vec() }
}

fn person(subject: &Subject, to_picture: &Affine, width: u32, height: u32) -> GrayImage {
    let to_mask = subject.mask.to_picture.inverse().map(|to_mask| to_picture.then(&to_mask));
    GrayImage::from_fn(width, height, |x, y| {
        let at = |map: &Affine| portrait::sample(&subject.mask, map.apply([x as f32 + 0.5, y as f32 + 0.5]));
        image::Luma([(to_mask.as_ref().map_or(1.0, at) * 255.0).round() as u8])
    })
}

fn rgb_image(picture: Rgb8) -> RgbImage {
    RgbImage::from_raw(picture.width, picture.height, picture.pixels).expect("three bytes a pixel")
}

/// The file that is judged.
pub fn jpeg(picture: RgbImage, quality: u8) -> Result<Vec<u8>, Trouble> {
    let (width, height) = picture.dimensions();
    Ok(photo::encoded(&Rgb8 { width, height, pixels: picture.into_raw() }, quality)?)
}
