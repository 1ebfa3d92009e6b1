//! From measured head to standard photo.

pub mod bytes;
