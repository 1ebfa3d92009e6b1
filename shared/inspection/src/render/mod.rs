//! From measured head to standard photo.

pub mod bytes;
pub mod crop;
pub mod finish;
mod grid;
pub mod resample;
pub mod sheet;
pub mod standard;
pub mod whiten;
