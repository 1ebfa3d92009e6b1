//! Plain measurements on pixels and landmarks. Nothing here knows a limit or a card.

pub mod boxed;
pub mod colour;
pub mod detail;
pub mod eyes;
pub mod light;
pub mod ofiq;
pub mod polygon;
pub mod sharpness;
pub mod skin;
pub mod stats;
pub mod wall;
