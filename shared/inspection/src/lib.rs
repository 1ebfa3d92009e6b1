//! Pixels in, findings out: decode, orient, locate, measure, judge, render.

pub mod image;
pub mod locate;
pub mod network;
