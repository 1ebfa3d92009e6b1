//! Synthetic portraits for tests.
//!
//! A [`Portrait`] is a set of parameters. [`Portrait::draw`] renders it as a [`Drawing`]: the picture, the mask of the
//! person, and the [`GroundTruth`] with which measurements are compared. Face detectors and landmark networks accept
//! the faces, so the whole inspection can be tested with one wrong parameter at a time ([`faults`]). No photograph of a
//! person is used.
#![warn(missing_docs)]

mod background;
mod canvas;
pub mod colour;
mod cover;
pub mod degrade;
mod drawing;
mod eyes;
mod fault;
mod frame;
mod glasses;
mod grain;
mod hair;
mod head;
mod jpeg;
mod lens;
mod light;
mod mouth;
mod people;
mod portrait;
mod print;
mod torso;
mod truth;

pub use drawing::Drawing;
pub use fault::{Fault, fault, faults};
pub use portrait::{Background, Cover, Glasses, HairShape, Lens, Light, Portrait};
pub use truth::GroundTruth;
