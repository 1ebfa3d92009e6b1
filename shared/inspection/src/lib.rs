//! Pixels in, findings out: decode, orient, locate, measure, judge, render.
