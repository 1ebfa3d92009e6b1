//! From bytes to a [`Scene`]: read the file, find the faces, measure the subject.

use rules::card::Card;
use rules::photo_spec::PhotoSpec;

use crate::codec::{Codec, DecodeError, Decoded, Limits, Mozjpeg};
use crate::head::{Head, PORTRAIT_EYES, PORTRAIT_FACE_WIDTH, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use crate::image::Rgb8;
use crate::locate::geometry::Affine;
use crate::locate::{Face, Locator, Mask};
use crate::measure::detail::Detail;
use crate::measure::light::Light;
use crate::measure::skin::Skin;
use crate::measure::wall::Wall;
use crate::network::RunError;
use crate::portrait::Portrait;
use crate::render::crop::{self, Canvas, Lean};
use crate::scene::{Scene, Subject, View};
use crate::{Options, Profile, Ruleset};

/// The mask is asked for a square around the head: this many patch pixels wide, its middle this far below the eyes.
const MASK_SIDE: f32 = 600.0;
const MASK_DROP: f32 = 40.0;

/// A long side that is enough to look for faces.
const ENOUGH_PX: u32 = 1_400;
/// The standard photo is cut from at least this many times its own resolution where the upload has it.
const SPARE: f32 = 1.25;

/// The upload, read as far as it can be.
#[derive(Debug)]
pub struct File {
    pub decoded: Result<Decoded, DecodeError>,
}

impl File {
    /// Large pictures are decoded at a fraction of their size: enough to find faces and, mostly, to cut the photo.
    pub fn read(bytes: &[u8]) -> Self {
        Self { decoded: Mozjpeg.decode(bytes, &Limits::default(), Some(ENOUGH_PX)) }
    }

    /// Every pixel, for a subject too small to be cut from the reduced picture.
    pub fn read_fully(bytes: &[u8]) -> Self {
        Self { decoded: Mozjpeg.decode(bytes, &Limits::default(), None) }
    }

    /// Would the standard photo be cut from too few pixels although the file has more?
    pub fn too_coarse(&self, scene: &Scene<'_>) -> bool {
        let reduced = self.decoded.as_ref().is_ok_and(|decoded| decoded.scale > 1);
        let least = scene.spec.face_width_px.limit.max.unwrap_or(0.0) as f32 * SPARE;
        reduced && scene.subject().is_none_or(|subject| subject.head.face_width < least)
    }
}

pub fn scene<'a>(
    locator: &Locator,
    file: &'a File,
    bytes: usize,
    card: Card,
    options: &'a Options,
) -> Result<Scene<'a>, RunError> {
    let spec = PhotoSpec::of(card);
    let mut scene = Scene { card, spec, options, bytes, file: file.decoded.as_ref().map(|d| &d.header), view: None };
    if let Ok(decoded) = &file.decoded {
        scene.view = Some(view(locator, decoded, spec, options)?);
    }
    Ok(scene)
}

fn view<'a>(
    locator: &Locator,
    decoded: &'a Decoded,
    spec: &PhotoSpec,
    options: &Options,
) -> Result<View<'a>, RunError> {
    let picture = &decoded.image;
    let faces = locator.faces(picture)?;
    let located = faces.first().map(|face| locate(locator, picture, face)).transpose()?.flatten();
    let subject = located.map(|located| measure(decoded, located, spec, options));
    Ok(View { picture, profile: decoded.profile, scale: 1.0 / decoded.scale as f32, faces, subject })
}

/// The face in full: the head it belongs to, and where the person is around it.
#[derive(Debug, Clone)]
pub struct Located {
    pub head: Head,
    pub mask: Mask,
}

/// `None` where the mesh saw no face.
pub fn locate(locator: &Locator, picture: &Rgb8, face: &Face) -> Result<Option<Located>, RunError> {
    let Some(mut mesh) = face.mesh.clone() else { return Ok(None) };
    mesh.eyes = locator.eyes(picture, &mesh)?;
    let head = Head::measure(face.clone(), mesh);
    let mask = locator.person(picture, &mask_region(&head))?;
    Ok(Some(Located { head, mask }))
}

/// What the checks share.
pub fn measure(decoded: &Decoded, Located { head, mask }: Located, spec: &PhotoSpec, options: &Options) -> Subject {
    let picture = &decoded.image;
    let portrait = Portrait::cut(picture, &head, &mask);
    let background = portrait.background();
    let canvas =
        Canvas { width: picture.width as f32, height: picture.height as f32, scale: 1.0 / decoded.scale as f32 };
    let crop = match (portrait.crown, options.ruleset) {
        (None, _) => Err(crop::Obstacle::NoCrown),
        (Some(row), ruleset) => {
            let crown = (PORTRAIT_EYES[1] - row) * head.frame.scale();
            match ruleset {
                Ruleset::Easy => crop::solve(canvas, &head, crown, spec, lean(spec, options)),
                Ruleset::Strict => Ok(crop::whole(canvas, &head, crown, spec)),
            }
        }
    };
    Subject {
        light: Light::measure(&portrait, &head),
        skin: Skin::measure(&portrait, &head),
        wall: Wall::measure(&portrait, &background),
        detail: Detail::measure(picture, &portrait, &head),
        background,
        crop,
        head,
        portrait,
        mask,
    }
}

fn lean(spec: &PhotoSpec, options: &Options) -> Lean {
    let most_deg = match options.profile {
        Profile::Standard => Lean::USUAL_DEG,
        Profile::Relaxed => Lean::RELAXED_DEG,
    };
    Lean { most_deg, straighten: options.may_edit() && spec.may_straighten }
}

/// The square the person network looks at, upright with the head: grid `0..1` to picture.
fn mask_region(head: &Head) -> Affine {
    let [x, y] = PORTRAIT_EYES;
    let corner = [x - MASK_SIDE / 2.0, y + MASK_DROP - MASK_SIDE / 2.0];
    debug_assert!(MASK_SIDE > PORTRAIT_WIDTH.max(PORTRAIT_HEIGHT) as f32 && PORTRAIT_FACE_WIDTH < MASK_SIDE);
    Affine([MASK_SIDE, 0.0, corner[0], 0.0, MASK_SIDE, corner[1]]).then(&head.frame)
}
