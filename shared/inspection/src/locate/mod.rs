//! Where the face is: boxes, landmarks, eyes and the outline of the person.
//!
//! Every position is in picture coordinates (see [`geometry`]). "Right" and "left" are the person's own:
//! the right eye usually lies at the smaller `x`.

pub mod geometry;

use geometry::{Affine, Point, direction};

/// One face as the detector saw it; the mesh and the irises are asked for separately.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Confidence, 0 to 1.
    pub score: f32,
    /// The detector's box `[x, y, width, height]` in pixels: brows to chin, without hair. May leave the picture.
    pub bounds: [f32; 4],
    /// Right eye, left eye, nose tip, mouth, right ear, left ear.
    pub keypoints: [Point; 6],
    pub mesh: Option<Mesh>,
}

impl Face {
    /// How far the head is tilted, in degrees from -180 to 180; positive when it leans clockwise as seen.
    pub fn roll_degrees(&self) -> f32 {
        direction(self.keypoints[0], self.keypoints[1]).to_degrees()
    }
}

/// The 468 landmarks of the face mesh.
#[derive(Debug, Clone, PartialEq)]
pub struct Mesh {
    /// How sure the network is that it looked at a face, 0 to 1.
    pub presence: f32,
    /// `[x, y, z]` in pixels; `z` grows away from the camera, zero lies near the middle of the head.
    pub points: Vec<[f32; 3]>,
    /// Right, left. `None` until the irises were asked for, or when the eye lies outside the picture.
    pub eyes: [Option<Eye>; 2],
}

/// One eye as the iris network saw it.
#[derive(Debug, Clone, PartialEq)]
pub struct Eye {
    /// Centre of the iris, then four points of its rim.
    pub iris: [Point; 5],
    /// 71 points: the lid rims (first 16), then the lid, brow and socket lines.
    pub contour: Vec<Point>,
}

/// How much each point of a region belongs to a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    pub width: usize,
    pub height: usize,
    /// Row by row, 0 (background) to 1 (person).
    pub values: Vec<f32>,
    /// From mask coordinates (`0..width`, `0..height`) to picture coordinates.
    pub to_picture: Affine,
}
