//! Drawn portraits for tests.
//!
//! A [`Portrait`] is a list of parameters; [`Portrait::draw`] turns it into a [`Drawing`]: the picture, the person's mask, and the
//! [`Truth`] that a measurement should find. Face detectors and landmark networks accept the faces, so one parameter at a time
//! can be put wrong ([`faults`]) and the whole inspection be held against what was drawn. Nothing here is a photograph of anybody.

mod backdrop;
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
pub use portrait::{Backdrop, Cover, Glasses, HairShape, Lens, Light, Portrait};
pub use truth::Truth;
