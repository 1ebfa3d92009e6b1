//! Paints the background.

use crate::canvas::Canvas;
use crate::colour::{Rgb, mix, scaled};
use crate::frame::{Frame, HALF_WIDTH};
use crate::grain;
use crate::portrait::Background;

pub(crate) fn draw(canvas: &mut Canvas, background: Background, seed: u32) {
    let (width, height) = (canvas.width as f32, canvas.height as f32);
    canvas.map_pixels(|x, y, _| match background {
        Background::Plain(colour) => colour,
        Background::Gradient(top, bottom) => mix(top, bottom, y / height),
        Background::Uneven { colour, strength } => {
            let patch = 0.5 + 0.5 * grain::smooth(x / width * 4.0, y / width * 4.0, seed ^ 41);
            colour.map(|c| c - strength * patch)
        }
        Background::Bricks => brick(x / width, y / width, seed),
    });
}

fn brick(x: f32, y: f32, seed: u32) -> Rgb {
    const HIGH: f32 = 0.045;
    const WIDE: f32 = 0.12;
    let row = (y / HIGH).floor();
    let along = x / WIDE + 0.5 * (row % 2.0);
    let (in_x, in_y) = (along.fract() * WIDE, (y / HIGH).fract() * HIGH);
    if in_x < 0.006 || in_y < 0.006 {
        return [196.0, 190.0, 182.0];
    }
    let each = grain::uniform(along.floor() as i32, row as i32, seed ^ 42);
    scaled([158.0, 88.0, 70.0], 0.82 + 0.36 * each)
}

/// The head's shadow on the background, to the right and down.
pub(crate) fn shadow(canvas: &mut Canvas, frame: Frame, strength: f32) {
    canvas.map_pixels(|x, y, below| {
        let [u, v] = frame.to_head(x, y);
        let reach = ((u - 78.0) / (HALF_WIDTH + 22.0)).hypot((v - 24.0) / 215.0);
        let dark = 1.0 / (1.0 + ((reach - 1.0) * 16.0).exp());
        scaled(below, 1.0 - strength * dark)
    });
}
