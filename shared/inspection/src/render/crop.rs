//! Lays the standard photo on the upload so that all rules of the card are met together, or says what prevents it.

use rules::finding::Limit;
use rules::photo_spec::PhotoSpec;

use crate::head::Head;
use crate::locate::geometry::{Affine, Point};

/// How far a head may be tilted, and whether it is straightened.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StraightenLimit {
    /// Largest tilt in degrees; a larger one makes the crop impossible.
    pub max_deg: f32,
    /// Whether the crop is rotated with the head.
    pub straighten: bool,
}

impl StraightenLimit {
    /// Limit of the standard profile: roll at most 8 degrees (ISO/IEC 19794-5, 7.2.2).
    pub const STANDARD_DEG: f32 = 8.0;
    /// Limit of the relaxed profile (优检). A member of staff decides, and needs a standard photo for that.
    pub const RELAXED_DEG: f32 = 15.0;
}

/// Margin inside each limit, so that a measurement of the finished standard photo is within the limit as well.
const SAFETY_PX: f32 = 1.5;
/// How far, in picture pixels, a corner may be outside the picture; the border pixel is repeated there.
const OVERHANG_PX: f32 = 1.0;

/// Position and size of the head in a standard photo, in its pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Geometry {
    /// The width that the card limits.
    pub face_width: f32,
    /// Distance from the top of the hair to the top edge; negative where tall hair is cut.
    pub crown: f32,
    /// Distance from the eye line to the bottom edge.
    pub eyes_from_bottom: f32,
    /// Distance from the middle of the eyes to the left edge.
    pub eye_middle: f32,
    /// Distance from crown to chin.
    pub head_length: f32,
}

/// A standard photo laid on the picture.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Crop {
    /// Maps the standard photo to the picture.
    pub frame: Affine,
    /// The head in the standard photo.
    pub geometry: Geometry,
}

/// Why no standard photo can be cut.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Obstacle {
    /// The picture would have to be enlarged.
    TooSmall {
        /// Width of the face on the upload, in upload pixels.
        face_width_px: f32,
    },
    /// The head is tilted further than [`StraightenLimit::max_deg`].
    Tilted,
    /// Too little room around the head.
    Margin {
        /// Missing pixels of the standard photo at the top, right, bottom and left.
        missing: [f32; 4],
    },
    /// The top of the hair was not found.
    NoCrown,
}

/// Size of the decoded picture.
#[derive(Debug, Clone, Copy)]
pub struct PictureSize {
    /// Columns.
    pub width: f32,
    /// Rows.
    pub height: f32,
    /// Pixels of the decoded picture per pixel of the upload, at most 1.
    pub scale: f32,
}

/// The best position of the standard photo. `crown` is the distance from the eye line to the top of the hair, in
/// picture pixels. A tilted head is straightened only if `limit` allows it.
///
/// # Errors
///
/// [`Obstacle::Tilted`], [`Obstacle::TooSmall`] or [`Obstacle::Margin`] when no position meets all rules.
pub fn solve(
    picture: PictureSize,
    head: &Head,
    crown: f32,
    spec: &PhotoSpec,
    limit: StraightenLimit,
) -> Result<Crop, Obstacle> {
    if head.roll_deg.abs() > limit.max_deg {
        return Err(Obstacle::Tilted);
    }
    let upload_face_width = width(head, spec) / picture.scale;
    let (narrowest, widest) = bounds(spec.face_width_px.limit);
    if upload_face_width < narrowest {
        return Err(Obstacle::TooSmall { face_width_px: upload_face_width });
    }
    let widest = widest.min(upload_face_width);
    let plan =
        Plan { picture, head, crown, spec, roll: if limit.straighten { head.roll_deg.to_radians() } else { 0.0 } };
    let nominal = middle(spec.face_width_px.limit).clamp(narrowest, widest);
    let best = steps(narrowest, widest, nominal)
        .filter_map(|face_width| plan.place(face_width))
        .min_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, crop)| crop);
    best.ok_or_else(|| Obstacle::Margin { missing: plan.missing(widest) })
}

/// The whole picture scaled to the card's size and centred, as 标准上传 requires.
pub fn whole(picture: PictureSize, head: &Head, crown: f32, spec: &PhotoSpec) -> Crop {
    let step = (picture.width / spec.width_px as f32).min(picture.height / spec.height_px as f32);
    let left = (picture.width - step * spec.width_px as f32) / 2.0;
    let top = (picture.height - step * spec.height_px as f32) / 2.0;
    let scale = 1.0 / step;
    let eyes = (head.eye_middle[1] - top) * scale;
    Crop {
        frame: Affine([step, 0.0, left, 0.0, step, top]),
        geometry: Geometry {
            face_width: width(head, spec) * scale,
            crown: eyes - crown * scale,
            eyes_from_bottom: spec.height_px as f32 - eyes,
            eye_middle: (head.eye_middle[0] - left) * scale,
            head_length: (crown + head.eyes_to_chin()) * scale,
        },
    }
}

struct Plan<'a> {
    picture: PictureSize,
    head: &'a Head,
    crown: f32,
    spec: &'a PhotoSpec,
    /// Rotation of the frame in radians.
    roll: f32,
}

impl Plan<'_> {
    /// The best position for one face width, with its cost: the distance from the middle of each rule.
    fn place(&self, face_width: f32) -> Option<(f32, Crop)> {
        let scale = face_width / width(self.head, self.spec);
        let head_length = (self.crown + self.head.eyes_to_chin()) * scale;
        // Long and short heads cannot meet both rules: the width is kept, and the excess of the length is minimised.
        let length = self.spec.head_length_px.as_ref().map_or(0.0, |rule| rule.limit.excess(f64::from(head_length)));
        let size = cost(face_width, self.spec.face_width_px.limit) + length as f32;
        let (left, right) = bounds(self.spec.eye_middle_px.limit);
        let mut best: Option<(f32, Crop)> = None;
        for eye_middle in steps(left, right, middle(self.spec.eye_middle_px.limit)) {
            for crown in self.crowns(scale) {
                let geometry = Geometry {
                    face_width,
                    crown,
                    eyes_from_bottom: self.spec.height_px as f32 - crown - self.crown * scale,
                    eye_middle,
                    head_length,
                };
                let cost = size
                    + 2.0 * cost(eye_middle, self.spec.eye_middle_px.limit)
                    + cost(crown.max(0.0), self.spec.crown_px.limit);
                if best.is_none_or(|(least, _)| cost < least) {
                    let frame = self.frame(&geometry);
                    if self.overhang(&frame).iter().all(|&beyond| beyond <= OVERHANG_PX) {
                        best = Some((cost, Crop { frame, geometry }));
                    }
                }
            }
        }
        best
    }

    /// Crown distances to try: those of the rule, or the one that the eye line requires where the hair is too tall
    /// (GA 461 gives the eye line priority; hair may be cut).
    fn crowns(&self, scale: f32) -> Vec<f32> {
        let (low, high) = bounds(self.spec.crown_px.limit);
        let lowest_eyes = self.spec.eyes_from_bottom_px.limit.min.unwrap_or(0.0) as f32 + SAFETY_PX;
        let highest_crown = self.spec.height_px as f32 - lowest_eyes - self.crown * scale;
        if highest_crown < low {
            return vec![highest_crown];
        }
        steps(low, high.min(highest_crown), middle(self.spec.crown_px.limit).min(highest_crown)).collect()
    }

    fn frame(&self, geometry: &Geometry) -> Affine {
        let step = width(self.head, self.spec) / geometry.face_width;
        let (cos, sin) = (self.roll.cos() * step, self.roll.sin() * step);
        let (x, y) = (geometry.eye_middle, self.spec.height_px as f32 - geometry.eyes_from_bottom);
        let [ex, ey] = self.head.eye_middle;
        Affine([cos, -sin, ex - cos * x + sin * y, sin, cos, ey - sin * x - cos * y])
    }

    /// Picture pixels by which the frame extends beyond the picture at the top, right, bottom and left.
    fn overhang(&self, frame: &Affine) -> [f32; 4] {
        let (width, height) = (self.spec.width_px as f32, self.spec.height_px as f32);
        let corners: [Point; 4] =
            [[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]].map(|corner| frame.apply(corner));
        let most = |beyond: fn(Point, PictureSize) -> f32| {
            corners.iter().map(|&corner| beyond(corner, self.picture)).fold(f32::MIN, f32::max)
        };
        [most(|c, _| -c[1]), most(|c, on| c[0] - on.width), most(|c, on| c[1] - on.height), most(|c, _| -c[0])]
    }

    /// Missing pixels of the standard photo on each side, for the position that needs the least room.
    fn missing(&self, face_width: f32) -> [f32; 4] {
        let scale = face_width / width(self.head, self.spec);
        let crown = self.crowns(scale).first().copied().unwrap_or(0.0);
        let geometry = Geometry {
            face_width,
            crown,
            eyes_from_bottom: self.spec.height_px as f32 - crown - self.crown * scale,
            eye_middle: middle(self.spec.eye_middle_px.limit),
            head_length: 0.0,
        };
        self.overhang(&self.frame(&geometry)).map(|beyond| (beyond * scale).max(0.0))
    }
}

/// The width that the card limits (face or head), in picture pixels.
pub fn width(head: &Head, spec: &PhotoSpec) -> f32 {
    head.face_width * spec.head_by_face
}

fn bounds(limit: Limit) -> (f32, f32) {
    let (min, max) = (limit.min.unwrap_or(0.0) as f32 + SAFETY_PX, limit.max.unwrap_or(f64::from(f32::MAX)) as f32);
    (min, (max - SAFETY_PX).max(min))
}

fn middle(limit: Limit) -> f32 {
    ((limit.min.unwrap_or(0.0) + limit.max.unwrap_or(0.0)) / 2.0) as f32
}

/// Squared distance from the middle of a rule, 1 at its bounds.
fn cost(value: f32, limit: Limit) -> f32 {
    let half = ((limit.max.unwrap_or(0.0) - limit.min.unwrap_or(0.0)) / 2.0).max(1.0) as f32;
    ((value - middle(limit)) / half).powi(2)
}

/// Numbers from `low` to `high` at a distance of 1, one of which is `through`.
fn steps(low: f32, high: f32, through: f32) -> impl Iterator<Item = f32> {
    let below = (through - low).max(0.0).floor() as i32;
    let above = (high - through).max(0.0).floor() as i32;
    (-below..=above).map(move |step| through + step as f32)
}
