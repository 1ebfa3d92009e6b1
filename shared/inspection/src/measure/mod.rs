//! Measurements on pixels and landmarks, independent of limits and card types.

pub mod background;
pub mod detail;
pub mod eyes;
pub mod light;
pub mod ofiq;
pub mod sharpness;
pub mod skin;
pub mod stats;
