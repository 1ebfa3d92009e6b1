//! Pixels in, findings out: decode, orient, locate, measure, judge, render.

pub mod codec;
pub mod image;
pub mod locate;
pub mod network;
pub mod render;
