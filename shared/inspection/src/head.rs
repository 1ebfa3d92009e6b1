//! The measured head: positions on the picture, pose, and the map from the upright patch to the picture.

use crate::landmark::{self, at};
use crate::locate::geometry::{Affine, Point, direction, distance, midpoint};
use crate::locate::{Face, Mesh};

/// Width in pixels of the upright patch that every photometric measurement uses: the nominal portrait of GA 461.
pub const PORTRAIT_WIDTH: usize = 358;
/// Height of the upright patch in pixels (GA 461).
pub const PORTRAIT_HEIGHT: usize = 441;
/// Width of the face in the upright patch in pixels (GA 461).
pub const PORTRAIT_FACE_WIDTH: f32 = 207.0;
/// Middle of the eyes in the upright patch in pixels.
pub const PORTRAIT_EYES: Point = [179.0, 172.0];

/// Mean pitch that the mesh gives for frontal portraits; it is subtracted from every measured pitch.
const PITCH_BIAS_DEG: f32 = -6.0;

/// Positions in picture pixels and the pose of one head. "Right" and "left" are the person's own.
#[derive(Debug, Clone)]
pub struct Head {
    /// The face as the detector found it.
    pub face: Face,
    /// The landmarks.
    pub mesh: Mesh,
    /// Right eye, left eye: the middle between the corners, as ISO/IEC 19794-5 defines it.
    pub eyes: [Point; 2],
    /// Middle between the eyes.
    pub eye_middle: Point,
    /// Lowest point of the chin.
    pub chin: Point,
    /// Right, left: the ends of the face width, at the ear root.
    pub cheeks: [Point; 2],
    /// Distance between the cheeks in pixels, at least 1.
    pub face_width: f32,
    /// Positive when the head is tilted clockwise in the picture.
    pub roll_deg: f32,
    /// Positive when the person looks to their own left.
    pub yaw_deg: f32,
    /// Positive when the person looks up.
    pub pitch_deg: f32,
    /// From the upright patch to the picture.
    pub frame: Affine,
}

impl Head {
    /// Computes the positions and the pose from the landmarks.
    pub fn measure(face: Face, mesh: Mesh) -> Self {
        let eyes = landmark::EYE_CORNERS.map(|[outer, inner]| midpoint(at(&mesh, outer), at(&mesh, inner)));
        let eye_middle = midpoint(eyes[0], eyes[1]);
        let cheeks = [at(&mesh, landmark::RIGHT_CHEEK_EDGE), at(&mesh, landmark::LEFT_CHEEK_EDGE)];
        let face_width = distance(cheeks[0], cheeks[1]).max(1.0);
        let roll = direction(eyes[0], eyes[1]);
        let (yaw, pitch) = turn(&mesh, roll);
        Self {
            frame: upright(eye_middle, face_width / PORTRAIT_FACE_WIDTH, roll),
            chin: at(&mesh, landmark::CHIN),
            roll_deg: roll.to_degrees(),
            yaw_deg: yaw.to_degrees(),
            pitch_deg: pitch.to_degrees() - PITCH_BIAS_DEG,
            eyes,
            eye_middle,
            cheeks,
            face_width,
            face,
            mesh,
        }
    }

    /// Distance between the eyes in picture pixels.
    pub fn between_eyes(&self) -> f32 {
        distance(self.eyes[0], self.eyes[1])
    }

    /// Distance from the middle of the eyes to the chin in picture pixels, at least 1: the "T" of ISO/IEC 29794-5.
    pub fn eyes_to_chin(&self) -> f32 {
        distance(self.eye_middle, self.chin).max(1.0)
    }

    /// The landmarks with these indices, in pixels of the upright patch.
    pub fn outline(&self, indices: &[usize]) -> Vec<Point> {
        let to_patch = self.frame.inverse().unwrap_or(Affine::IDENTITY);
        indices.iter().map(|&index| to_patch.apply(at(&self.mesh, index))).collect()
    }
}

/// The similarity that maps the upright patch onto the picture.
fn upright(eye_middle: Point, scale: f32, roll: f32) -> Affine {
    let (cos, sin) = (roll.cos() * scale, roll.sin() * scale);
    let [x, y] = PORTRAIT_EYES;
    Affine([cos, -sin, eye_middle[0] - cos * x + sin * y, sin, cos, eye_middle[1] - sin * x - cos * y])
}

/// Yaw and pitch in radians from the depth of mirrored landmarks and of the line from forehead to chin.
fn turn(mesh: &Mesh, roll: f32) -> (f32, f32) {
    let (cos, sin) = (roll.cos(), roll.sin());
    let across = landmark::MIRRORED.iter().fold([0.0f32; 3], |sum, &[right, left]| add(sum, mesh, right, left));
    let along = add([0.0; 3], mesh, landmark::FOREHEAD, landmark::CHIN);
    let yaw = across[2].atan2(across[0] * cos + across[1] * sin);
    let pitch = (-along[2]).atan2(-along[0] * sin + along[1] * cos);
    (yaw, pitch)
}

fn add(sum: [f32; 3], mesh: &Mesh, from: usize, to: usize) -> [f32; 3] {
    let (a, b) = (mesh.points[from], mesh.points[to]);
    [sum[0] + b[0] - a[0], sum[1] + b[1] - a[1], sum[2] + b[2] - a[2]]
}
