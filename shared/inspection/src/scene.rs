//! Everything known about one upload before it is judged: the file, the faces, the subject's measured head.

use rules::card::Card;
use rules::finding::{Policy, Region};
use rules::photo_spec::{self, PhotoSpec};
use rules::report::{Overlay, Picture};

use crate::check::Check;
use crate::codec::{DecodeError, Header, ProfileUse};
use crate::head::Head;
use crate::image::Rgb8;
use crate::landmark;
use crate::locate::geometry::{Affine, Point};
use crate::locate::{Face, Mask};
use crate::measure::detail::Detail;
use crate::measure::light::Light;
use crate::measure::skin::Skin;
use crate::measure::wall::Wall;
use crate::portrait::Portrait;
use crate::render::crop::{Crop, Obstacle};
use crate::{Options, Profile};

/// A second face counts from this share of the subject's face area (ISO/IEC 29794-5, SingleFacePresent).
const PROMINENT_SHARE: f32 = 0.05;

#[derive(Debug)]
pub struct Scene<'a> {
    pub card: Card,
    pub spec: &'static PhotoSpec,
    pub options: &'a Options,
    pub bytes: usize,
    /// What the file says about itself, or why it cannot be read.
    pub file: Result<&'a Header, &'a DecodeError>,
    pub view: Option<View<'a>>,
}

/// The decoded picture and who is on it.
#[derive(Debug)]
pub struct View<'a> {
    pub picture: &'a Rgb8,
    /// What became of the colours that the file declared.
    pub profile: ProfileUse,
    /// Pixels of this picture for one pixel of the upload; below 1 when it was decoded smaller.
    pub scale: f32,
    /// The subject first.
    pub faces: Vec<Face>,
    pub subject: Option<Subject>,
}

/// The person the photo is of.
#[derive(Debug)]
pub struct Subject {
    pub head: Head,
    pub portrait: Portrait,
    pub mask: Mask,
    pub light: Light,
    pub skin: Skin,
    /// `None` when too little background is visible.
    pub wall: Option<Wall>,
    pub background: Vec<bool>,
    pub detail: Detail,
    pub crop: Result<Crop, Obstacle>,
}

impl Scene<'_> {
    pub fn subject(&self) -> Option<&Subject> {
        self.view.as_ref()?.subject.as_ref()
    }

    pub fn scale(&self) -> f32 {
        self.view.as_ref().map_or(1.0, |view| view.scale)
    }

    pub fn policy(&self, check: &Check) -> Policy {
        let own = self.spec.policy.get(check.code).copied().unwrap_or(check.policy);
        match (self.options.profile, photo_spec::relaxed().get(check.code)) {
            (Profile::Relaxed, Some(&relaxed)) => own.max(relaxed),
            _ => own,
        }
    }

    pub fn face_region(&self) -> Option<Region> {
        let view = self.view.as_ref()?;
        Some(view.region_around(&landmark::FACE_OVAL, 1.0))
    }

    pub fn eyes_region(&self) -> Option<Region> {
        let view = self.view.as_ref()?;
        Some(view.region_around(&landmark::EYES.concat(), 1.3))
    }

    pub fn mouth_region(&self) -> Option<Region> {
        let view = self.view.as_ref()?;
        Some(view.region_around(&landmark::LIPS_OUTER, 1.3))
    }

    pub fn picture(&self) -> Option<Picture> {
        let header = self.file.ok()?;
        let (width_px, height_px) = header.upright_size();
        let faces = self.view.as_ref().map_or(0, |view| view.prominent().count() as u32);
        Some(Picture { width_px, height_px, bytes: self.bytes as u64, faces })
    }

    /// The measured points, as shares of the picture's sides.
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
    /// The subject's face and every other face large enough to count.
    pub fn prominent(&self) -> impl Iterator<Item = &Face> {
        let area = |face: &Face| face.bounds[2] * face.bounds[3];
        let subject = self.faces.first().map_or(0.0, area);
        self.faces.iter().filter(move |face| area(face) >= PROMINENT_SHARE * subject)
    }

    fn share(&self, [x, y]: Point) -> [f64; 2] {
        let round = |value: f32, side: u32| (f64::from(value) / f64::from(side) * 1e5).round() / 1e5;
        [round(x, self.picture.width), round(y, self.picture.height)]
    }

    /// A box in picture pixels, clipped to the picture.
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
