//! Where the face is: boxes, landmarks, eyes and the outline of the person.
//!
//! Every position is in picture coordinates (see [`geometry`]). "Right" and "left" are the person's own:
//! the right eye usually lies at the smaller `x`.

mod faces;
pub mod geometry;
mod iris;
mod mask;
mod mesh;
pub mod walk;
pub mod warp;

use std::path::Path;

use crate::image::Rgb8;
use crate::network::{LoadError, Network, OnnxRuntime, RunError};
use geometry::{Affine, Point, direction};

/// One face as the detector saw it.
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

/// The four networks, ready to look at pictures from any thread.
#[derive(Debug)]
pub struct Locator {
    detector: Box<dyn Network>,
    mesh: Box<dyn Network>,
    iris: Box<dyn Network>,
    person: Box<dyn Network>,
}

impl Locator {
    /// `folder` holds what `models/fetch` made.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let runtime = OnnxRuntime::load(folder)?;
        let network = |file| -> Result<Box<dyn Network>, LoadError> { Ok(Box::new(runtime.network(file)?)) };
        Ok(Self {
            detector: network("detector.onnx")?,
            mesh: network("mesh.onnx")?,
            iris: network("iris.onnx")?,
            person: network("person.onnx")?,
        })
    }

    /// Faces in the picture with their meshes (but without irises), the most prominent first. What the mesh network
    /// does not take for a face is left out. Upside-down and sideways faces are found, see [`Face::roll_degrees`].
    pub fn faces(&self, picture: &Rgb8) -> Result<Vec<Face>, RunError> {
        faces::find(&*self.detector, &*self.mesh, picture)
    }

    /// Measures the landmarks of a face anew, without irises; [`Locator::faces`] has done so once. `None` when the
    /// network sees no face there.
    pub fn mesh(&self, picture: &Rgb8, face: &Face) -> Result<Option<Mesh>, RunError> {
        mesh::measure(&*self.mesh, picture, face)
    }

    /// Both eyes of a mesh: right, left.
    pub fn eyes(&self, picture: &Rgb8, mesh: &Mesh) -> Result<[Option<Eye>; 2], RunError> {
        iris::measure(&*self.iris, picture, mesh)
    }

    /// How much each point of a region belongs to a person. `region` maps the unit square to the picture; it may be
    /// turned and may leave the picture. The network knows people best from the head to the chest or hips.
    pub fn person(&self, picture: &Rgb8, region: &Affine) -> Result<Mask, RunError> {
        mask::measure(&*self.person, picture, region)
    }
}
