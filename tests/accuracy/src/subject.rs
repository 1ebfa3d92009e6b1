//! A person cut from a photo at a fixed size, to which degradations are applied.

use domain::card::Card;
use image::{GrayImage, RgbImage};
use inspection::image::Rgb8;
use inspection::inspection_context;
use inspection::landmark;
use inspection::locate::Locator;
use inspection::locate::geometry::{Affine, Point};
use inspection::{Options, pipeline, portrait, resample};
use synthetic_portraits::Portrait;
use synthetic_portraits::degrade::Lids;

use crate::{MeasurementError, photo};

/// Largest width of the face in the cut picture, so that a strength has the same effect on every photo.
pub const FACE_PX: f32 = 240.0;
/// Smallest width of the face on the photo; the effect of blur on smaller faces cannot be measured.
const NARROWEST_PX: f32 = 100.0;
/// Cut margins beside, above and below the middle of the eyes, in face widths.
const BESIDE: f32 = 1.15;
const ABOVE: f32 = 1.15;
const BELOW: f32 = 1.6;
/// JPEG quality of the files that are judged.
pub const QUALITY: u8 = 95;

/// A person cut from a photo, with the positions that degradations need.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The cut picture.
    pub picture: RgbImage,
    /// Person mask, 255 where the person is.
    pub person: GrayImage,
    /// Face width divided by [`FACE_PX`], at most 1. Lengths in pixels are multiplied by it.
    pub size: f32,
    /// Right eye, left eye.
    pub eyes: [Point; 2],
    /// Right and left corner of the mouth.
    pub mouth: [Point; 2],
    /// Lids of the eyes whose lids were measured.
    pub lids: Vec<Lids>,
    /// The parameters of a synthetic portrait.
    pub portrait: Option<Portrait>,
}

impl Subject {
    /// The subject of a photo; `None` when it has no face of a sufficient size.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::Engine`] when a network fails.
    pub fn find(locator: &Locator, jpeg: &[u8]) -> Result<Option<Self>, MeasurementError> {
        let (upload, options) = (pipeline::DecodedUpload::read_fully(jpeg), Options::default());
        let context = pipeline::context(locator, &upload, jpeg.len(), Card::ResidentId, &options)?;
        let Some(view) = &context.view else { return Ok(None) };
        let Some(subject) = view.subject.as_ref().filter(|subject| subject.head.face_width >= NARROWEST_PX) else {
            return Ok(None);
        };
        Ok(Some(Self::cut(view.picture, subject)))
    }

    /// The subject of a synthetic portrait; `None` when its face is not found.
    ///
    /// # Errors
    ///
    /// [`MeasurementError::Engine`] when a network fails.
    pub fn synthetic(locator: &Locator, portrait: Portrait) -> Result<Option<Self>, MeasurementError> {
        let subject = Self::find(locator, &portrait.jpeg())?;
        Ok(subject.map(|subject| Self { portrait: Some(portrait), ..subject }))
    }

    fn cut(picture: &Rgb8, subject: &inspection_context::Subject) -> Self {
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
            portrait: None,
        }
    }

    /// Distance between the eyes in pixels.
    pub fn between_eyes(&self) -> f32 {
        (self.eyes[1][0] - self.eyes[0][0]).hypot(self.eyes[1][1] - self.eyes[0][1])
    }
}

/// The lids from the contour of the iris network: the lower lid from corner to corner, then the upper lid without
/// corners.
fn lids(contour: Vec<Point>) -> Lids {
    let (lower, between) = contour[..16].split_at(9);
    let upper = [&lower[..1], between, &lower[8..]].concat();
    Lids { upper, lower: lower.to_vec() }
}

fn person(subject: &inspection_context::Subject, to_picture: &Affine, width: u32, height: u32) -> GrayImage {
    let to_mask = subject.mask.to_picture.inverse().map(|to_mask| to_picture.then(&to_mask));
    GrayImage::from_fn(width, height, |x, y| {
        let at = |map: &Affine| portrait::sample(&subject.mask, map.apply([x as f32 + 0.5, y as f32 + 0.5]));
        image::Luma([(to_mask.as_ref().map_or(1.0, at) * 255.0).round() as u8])
    })
}

fn rgb_image(picture: Rgb8) -> RgbImage {
    RgbImage::from_raw(picture.width, picture.height, picture.pixels).expect("three bytes per pixel")
}

/// Encodes a picture as a file for the engine.
///
/// # Errors
///
/// [`MeasurementError::Encode`] when the picture cannot be encoded.
pub fn jpeg(picture: RgbImage, quality: u8) -> Result<Vec<u8>, MeasurementError> {
    let (width, height) = picture.dimensions();
    Ok(photo::encoded(&Rgb8 { width, height, pixels: picture.into_raw() }, quality)?)
}
