//! Everything known about one upload before it is judged: the file, the faces, the subject's measurements.

use rules::card::Card;
use rules::finding::{Policy, Region};
use rules::photo_spec::{self, PhotoSpec};
use rules::report::{Overlay, Picture};

use crate::codec::{DecodeError, Header, ProfileUse};
use crate::head::Head;
use crate::image::Rgb8;
use crate::landmark;
use crate::locate::geometry::{Affine, Point};
use crate::locate::{Face, Mask};
use crate::measure::background::Background;
use crate::measure::detail::Detail;
use crate::measure::light::Light;
use crate::measure::skin::Skin;
use crate::portrait::Portrait;
use crate::render::crop::{Crop, Obstacle};
use crate::{Options, Profile};

/// A second face counts from this share of the subject's face area (ISO/IEC 29794-5, SingleFacePresent).
const PROMINENT_SHARE: f32 = 0.05;

/// What the checks of one inspection receive.
#[derive(Debug)]
pub struct InspectionContext<'a> {
    /// The card type that the photo is for.
    pub card: Card,
    /// The rules of that card type.
    pub spec: &'static PhotoSpec,
    /// The parameters of the inspection.
    pub options: &'a Options,
    /// Size of the file.
    pub bytes: usize,
    /// What the file declares about itself, or why it cannot be decoded.
    pub file: Result<&'a Header, &'a DecodeError>,
    /// The decoded picture; `None` when the file cannot be decoded.
    pub view: Option<View<'a>>,
}

/// The decoded picture and the people in it.
#[derive(Debug)]
pub struct View<'a> {
    /// Upright sRGB pixels, possibly decoded at a fraction of the upload's size.
    pub picture: &'a Rgb8,
    /// How the embedded colour profile was used.
    pub profile: ProfileUse,
    /// Pixels of this picture per pixel of the upload: 1, 0.5, 0.25 or 0.125.
    pub scale: f32,
    /// All faces, the subject's first.
    pub faces: Vec<Face>,
    /// `None` when no face was found.
    pub subject: Option<Subject>,
}

/// The person whom the photo shows, with the measurements that several checks share.
#[derive(Debug)]
pub struct Subject {
    /// Positions and pose of the head.
    pub head: Head,
    /// The upright patch around the head.
    pub portrait: Portrait,
    /// Where the person is, in a square around the head.
    pub mask: Mask,
    /// How the face is lit.
    pub light: Light,
    /// The skin colour.
    pub skin: Skin,
    /// Colour and evenness of the background; `None` when too little of it is visible.
    pub background: Option<Background>,
    /// For each pixel of the portrait, row by row: whether it is pure background.
    pub background_mask: Vec<bool>,
    /// Sharpness of the face.
    pub detail: Detail,
    /// Where the standard photo lies on the picture, or why it cannot be cut.
    pub crop: Result<Crop, Obstacle>,
}

impl InspectionContext<'_> {
    /// The subject, if a face was found.
    pub fn subject(&self) -> Option<&Subject> {
        self.view.as_ref()?.subject.as_ref()
    }

    /// Pixels of the decoded picture per pixel of the upload; 1 when nothing was decoded.
    pub fn scale(&self) -> f32 {
        self.view.as_ref().map_or(1.0, |view| view.scale)
    }

    /// How much a check counts in this inspection, from its code and its default policy. The card's photo spec replaces
    /// the default; the relaxed profile can only make it milder.
    pub fn policy(&self, check_code: &str, default: Policy) -> Policy {
        let own = self.spec.policy.get(check_code).copied().unwrap_or(default);
        match (self.options.profile, photo_spec::relaxed().get(check_code)) {
            (Profile::Relaxed, Some(&relaxed)) => own.max(relaxed),
            _ => own,
        }
    }

    /// The face oval, as shares of the picture's sides.
    pub fn face_region(&self) -> Option<Region> {
        let view = self.view.as_ref()?;
        Some(view.region_around(&landmark::FACE_OVAL, 1.0))
    }

    /// Both eyes with a margin of 30 %, as shares of the picture's sides.
    pub fn eyes_region(&self) -> Option<Region> {
        let view = self.view.as_ref()?;
        Some(view.region_around(&landmark::EYES.concat(), 1.3))
    }

    /// The lips with a margin of 30 %, as shares of the picture's sides.
    pub fn mouth_region(&self) -> Option<Region> {
        let view = self.view.as_ref()?;
        Some(view.region_around(&landmark::LIPS_OUTER, 1.3))
    }

    /// Size of the upload and number of faces; `None` when the file cannot be decoded.
    pub fn picture(&self) -> Option<Picture> {
        let header = self.file.ok()?;
        let (width_px, height_px) = header.upright_size();
        let faces = self.view.as_ref().map_or(0, |view| view.prominent().count() as u32);
        Some(Picture { width_px, height_px, bytes: self.bytes as u64, faces })
    }

    /// The measured points, as shares of the picture's sides; `None` without a subject.
    pub fn overlay(&self) -> Option<Overlay> {
        let view = self.view.as_ref()?;
        let subject = view.subject.as_ref()?;
        let head = &subject.head;
        let share = |point: Point| view.share(point);
        let crown_row = subject.portrait.crown.unwrap_or(0.0);
        let crown = head.frame.apply([crate::head::PORTRAIT_EYES[0], crown_row]);
        let (width, height) = (self.spec.width_px as f32, self.spec.height_px as f32);
        let corners = |frame: &Affine| {
            [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]].map(|corner| share(frame.apply(corner)))
        };
        let region = view.region_of(head.face.bounds);
        Some(Overlay {
            face: [region.x, region.y, region.w, region.h],
            left_eye: share(head.eyes[1]),
            right_eye: share(head.eyes[0]),
            crown: share(crown),
            chin: share(head.chin),
            left_cheek: share(head.cheeks[1]),
            right_cheek: share(head.cheeks[0]),
            crop: subject.crop.as_ref().ok().map(|crop| corners(&crop.frame)),
        })
    }
}

impl View<'_> {
    /// The subject's face and every other face that is large enough to count.
    pub fn prominent(&self) -> impl Iterator<Item = &Face> {
        let area = |face: &Face| face.bounds[2] * face.bounds[3];
        let subject = self.faces.first().map_or(0.0, area);
        self.faces.iter().filter(move |face| area(face) >= PROMINENT_SHARE * subject)
    }

    fn share(&self, [x, y]: Point) -> [f64; 2] {
        let round = |value: f32, side: u32| (f64::from(value) / f64::from(side) * 1e5).round() / 1e5;
        [round(x, self.picture.width), round(y, self.picture.height)]
    }

    /// A box `[x, y, width, height]` in picture pixels, clipped to the picture, as shares of the picture's sides.
    pub fn region_of(&self, [x, y, w, h]: [f32; 4]) -> Region {
        let [left, top] = self.share([x.max(0.0), y.max(0.0)]);
        let [right, bottom] =
            self.share([(x + w).min(self.picture.width as f32), (y + h).min(self.picture.height as f32)]);
        Region { x: left, y: top, w: (right - left).max(0.0), h: (bottom - top).max(0.0) }
    }

    fn region_around(&self, indices: &[usize], factor: f32) -> Region {
        let Some(subject) = &self.subject else { return Region { x: 0.0, y: 0.0, w: 1.0, h: 1.0 } };
        let points = indices.iter().map(|&index| landmark::at(&subject.head.mesh, index));
        let (low, high) = points.fold(([f32::MAX; 2], [f32::MIN; 2]), |(low, high), p| {
            ([low[0].min(p[0]), low[1].min(p[1])], [high[0].max(p[0]), high[1].max(p[1])])
        });
        let (w, h) = ((high[0] - low[0]) * factor, (high[1] - low[1]) * factor);
        self.region_of([(low[0] + high[0] - w) / 2.0, (low[1] + high[1] - h) / 2.0, w, h])
    }
}
