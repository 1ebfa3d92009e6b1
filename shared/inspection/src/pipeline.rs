//! From the bytes of an upload to an [`InspectionContext`]: decode the file, find the faces, measure the subject.

use rules::card::Card;
use rules::photo_spec::PhotoSpec;

use crate::codec::{self, DecodeError, Decoded, Limits};
use crate::head::{Head, PORTRAIT_EYES, PORTRAIT_FACE_WIDTH, PORTRAIT_HEIGHT, PORTRAIT_WIDTH};
use crate::image::Rgb8;
use crate::inspection_context::{InspectionContext, Subject, View};
use crate::locate::geometry::Affine;
use crate::locate::{Face, Locator, Mask};
use crate::measure::background::Background;
use crate::measure::detail::Detail;
use crate::measure::light::Light;
use crate::measure::skin::Skin;
use crate::network::RunError;
use crate::portrait::Portrait;
use crate::render::crop::{self, PictureSize, StraightenLimit};
use crate::{Options, Profile, Ruleset};

/// The person network receives a square around the head: its side and the distance of its middle below the eyes, in
/// pixels of the upright patch.
const MASK_SIDE: f32 = 600.0;
const MASK_DROP: f32 = 40.0;

/// Length of the longer side, in pixels, that is sufficient to find faces.
const ENOUGH_PX: u32 = 1_400;
/// The standard photo is cut from at least this multiple of its own resolution, if the upload has it.
const SPARE: f32 = 1.25;

/// The upload, decoded as far as possible.
#[derive(Debug)]
pub struct DecodedUpload {
    /// The pixels and the header, or why the file cannot be decoded.
    pub decoded: Result<Decoded, DecodeError>,
}

impl DecodedUpload {
    /// Decodes a large picture at a fraction of its size: enough to find faces and usually enough to cut the photo.
    pub fn read(bytes: &[u8]) -> Self {
        Self { decoded: codec::decode(bytes, &Limits::default(), Some(ENOUGH_PX)) }
    }

    /// Decodes every pixel, for a subject that is too small in the reduced picture.
    pub fn read_fully(bytes: &[u8]) -> Self {
        Self { decoded: codec::decode(bytes, &Limits::default(), None) }
    }

    /// Whether the standard photo would be cut from too few pixels although the file has more.
    pub fn too_coarse(&self, context: &InspectionContext<'_>) -> bool {
        let reduced = self.decoded.as_ref().is_ok_and(|decoded| decoded.scale > 1);
        let least = context.spec.face_width_px.limit.max.unwrap_or(0.0) as f32 * SPARE;
        reduced && context.subject().is_none_or(|subject| subject.head.face_width < least)
    }
}

/// Finds and measures everything that the checks need. `bytes` is the size of the file.
///
/// # Errors
///
/// [`RunError`] when a network fails to run.
pub fn context<'a>(
    locator: &Locator,
    upload: &'a DecodedUpload,
    bytes: usize,
    card: Card,
    options: &'a Options,
) -> Result<InspectionContext<'a>, RunError> {
    let spec = PhotoSpec::of(card);
    let file = upload.decoded.as_ref().map(|decoded| &decoded.header);
    let mut context = InspectionContext { card, spec, options, bytes, file, view: None };
    if let Ok(decoded) = &upload.decoded {
        context.view = Some(view(locator, decoded, spec, options)?);
    }
    Ok(context)
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

/// The head that a face belongs to, and the person around it.
#[derive(Debug, Clone)]
pub struct Located {
    /// The measured head.
    pub head: Head,
    /// Where the person is, in a square around the head.
    pub mask: Mask,
}

/// Measures the head and the mask of one face; `None` when the mesh network found no face.
///
/// # Errors
///
/// [`RunError`] when a network fails to run.
pub fn locate(locator: &Locator, picture: &Rgb8, face: &Face) -> Result<Option<Located>, RunError> {
    let Some(mut mesh) = face.mesh.clone() else { return Ok(None) };
    mesh.eyes = locator.eyes(picture, &mesh)?;
    let head = Head::measure(face.clone(), mesh);
    let mask = locator.person(picture, &mask_region(&head))?;
    Ok(Some(Located { head, mask }))
}

/// Measures what several checks share, and lays the standard photo on the picture.
pub fn measure(decoded: &Decoded, Located { head, mask }: Located, spec: &PhotoSpec, options: &Options) -> Subject {
    let picture = &decoded.image;
    let portrait = Portrait::cut(picture, &head, &mask);
    let background_mask = portrait.background_mask();
    let size =
        PictureSize { width: picture.width as f32, height: picture.height as f32, scale: 1.0 / decoded.scale as f32 };
    let crop = match (portrait.crown, options.ruleset) {
        (None, _) => Err(crop::Obstacle::NoCrown),
        (Some(row), ruleset) => {
            let crown = (PORTRAIT_EYES[1] - row) * head.frame.scale();
            match ruleset {
                Ruleset::Easy => crop::solve(size, &head, crown, spec, straighten_limit(spec, options)),
                Ruleset::Strict => Ok(crop::whole(size, &head, crown, spec)),
            }
        }
    };
    Subject {
        light: Light::measure(&portrait, &head),
        skin: Skin::measure(&portrait, &head),
        background: Background::measure(&portrait, &background_mask),
        detail: Detail::measure(picture, &portrait, &head),
        background_mask,
        crop,
        head,
        portrait,
        mask,
    }
}

fn straighten_limit(spec: &PhotoSpec, options: &Options) -> StraightenLimit {
    let max_deg = match options.profile {
        Profile::Standard => StraightenLimit::STANDARD_DEG,
        Profile::Relaxed => StraightenLimit::RELAXED_DEG,
    };
    StraightenLimit { max_deg, straighten: options.may_edit() && spec.may_straighten }
}

/// The square that the person network receives, upright with the head. Maps the unit square to the picture.
fn mask_region(head: &Head) -> Affine {
    let [x, y] = PORTRAIT_EYES;
    let corner = [x - MASK_SIDE / 2.0, y + MASK_DROP - MASK_SIDE / 2.0];
    debug_assert!(MASK_SIDE > PORTRAIT_WIDTH.max(PORTRAIT_HEIGHT) as f32 && PORTRAIT_FACE_WIDTH < MASK_SIDE);
    Affine([MASK_SIDE, 0.0, corner[0], 0.0, MASK_SIDE, corner[1]]).then(&head.frame)
}
