//! Makes the standard photo from the picture and the measured head.

pub mod bytes;
pub mod crop;
pub mod finish;
mod grid;
pub mod sheet;
pub mod standard;
pub mod whiten;
