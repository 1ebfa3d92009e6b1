//! Finds faces: boxes, landmarks, eyes and the outline of the person.
//!
//! Every position is in picture coordinates (see [`geometry`]). "Right" and "left" are the person's own: the right eye
//! usually has the smaller `x`.

mod faces;
pub mod geometry;
mod iris;
mod mask;
mod mesh;
pub mod row_sampler;
pub mod warp;

use std::path::Path;

use crate::image::Rgb8;
use crate::network::{LoadError, Network, OnnxRuntime, RunError};
use geometry::{Affine, Point, direction};

/// One face as the detector found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Face {
    /// Confidence of the detector, 0 to 1.
    pub score: f32,
    /// The detector's box `[x, y, width, height]` in pixels: brows to chin, without hair. It can extend beyond the
    /// picture.
    pub bounds: [f32; 4],
    /// Right eye, left eye, nose tip, mouth, right ear, left ear.
    pub keypoints: [Point; 6],
    /// The landmarks; `None` until they are measured.
    pub mesh: Option<Mesh>,
}

impl Face {
    /// Tilt of the head in degrees, -180 to 180; positive is clockwise in the picture.
    pub fn roll_degrees(&self) -> f32 {
        direction(self.keypoints[0], self.keypoints[1]).to_degrees()
    }
}

/// The 468 landmarks of the face mesh.
#[derive(Debug, Clone, PartialEq)]
pub struct Mesh {
    /// Confidence of the network that its input is a face, 0 to 1.
    pub presence: f32,
    /// `[x, y, z]` in pixels. `z` grows away from the camera; zero is near the middle of the head.
    pub points: Vec<[f32; 3]>,
    /// Right, left. `None` until they are measured, or when the eye is outside the picture.
    pub eyes: [Option<Eye>; 2],
}

/// One eye as the iris network found it.
#[derive(Debug, Clone, PartialEq)]
pub struct Eye {
    /// Centre of the iris, then four points of its edge.
    pub iris: [Point; 5],
    /// 71 points: the edges of the lids (first 16), then the lid, brow and socket lines.
    pub contour: Vec<Point>,
}

/// How much each point of a region belongs to a person.
#[derive(Debug, Clone, PartialEq)]
pub struct Mask {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
    /// Row by row, 0 (background) to 1 (person).
    pub values: Vec<f32>,
    /// From mask coordinates (`0..width`, `0..height`) to picture coordinates.
    pub to_picture: Affine,
}

/// The four loaded networks. One locator can be shared between threads.
#[derive(Debug)]
pub struct Locator {
    detector: Box<dyn Network>,
    mesh: Box<dyn Network>,
    iris: Box<dyn Network>,
    person: Box<dyn Network>,
}

impl Locator {
    /// Loads the networks and the runtime that `models/fetch` wrote to `folder`.
    ///
    /// # Errors
    ///
    /// [`LoadError`] when a file is missing, altered or unreadable, or this machine has no known runtime.
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

    /// Faces in the picture with their meshes (without eyes), the most prominent first. Only faces that the mesh
    /// network confirms are returned. Upside-down and sideways faces are found as well, see [`Face::roll_degrees`].
    ///
    /// # Errors
    ///
    /// [`RunError`] when a network fails to run.
    pub fn faces(&self, picture: &Rgb8) -> Result<Vec<Face>, RunError> {
        faces::find(&*self.detector, &*self.mesh, picture)
    }

    /// Measures the landmarks of a face (without eyes), as [`Locator::faces`] does. `None` when the network finds no
    /// face in its box.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the network fails to run.
    pub fn mesh(&self, picture: &Rgb8, face: &Face) -> Result<Option<Mesh>, RunError> {
        mesh::measure(&*self.mesh, picture, face)
    }

    /// Measures both eyes of a mesh: right, left. `None` where an eye is outside the picture.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the network fails to run.
    pub fn eyes(&self, picture: &Rgb8, mesh: &Mesh) -> Result<[Option<Eye>; 2], RunError> {
        iris::measure(&*self.iris, picture, mesh)
    }

    /// Measures how much each point of a region belongs to a person. `region` maps the unit square to the picture; it
    /// can be rotated and can extend beyond the picture. The network is most accurate from the head to the chest or
    /// hips.
    ///
    /// # Errors
    ///
    /// [`RunError`] when the network fails to run.
    pub fn person(&self, picture: &Rgb8, region: &Affine) -> Result<Mask, RunError> {
        mask::measure(&*self.person, picture, region)
    }
}
