//! Paints hair: the part behind the head, and the part in front of it.

use crate::canvas::{Area, Brush, ellipse};
use crate::colour::{Rgb, mix, scaled};
use crate::frame::{HALF_WIDTH, Turn};
use crate::grain;
use crate::head::Skull;
use crate::portrait::{HairShape, Portrait};

/// Vertical position of the top of the hair, in head coordinates (negative is up).
pub(crate) fn crown(shape: HairShape) -> f32 {
    match shape {
        HairShape::Cropped => -188.0,
        HairShape::Tied => -200.0,
        HairShape::Short | HairShape::BrowFringe | HairShape::EyeFringe => -206.0,
        HairShape::Long => -208.0,
        HairShape::Tall => -300.0,
    }
}

/// The area of the hair around the skull.
fn mass(shape: HairShape) -> Area {
    let (half_width, bottom) = match shape {
        HairShape::Cropped => (145.0, 90.0),
        HairShape::Tied => (149.0, 100.0),
        HairShape::Long => (170.0, 150.0),
        HairShape::Tall => (156.0, 120.0),
        HairShape::Short | HairShape::BrowFringe | HairShape::EyeFringe => (153.0, 120.0),
    };
    Area::new(-half_width, crown(shape), half_width, bottom)
}

/// The colour of hair strands from the crown downwards, with a soft highlight.
fn strands(colour: Rgb, seed: u32) -> impl Fn(f32, f32, Rgb) -> Rgb {
    move |u, v, _| {
        let angle = u.atan2(v + 330.0);
        let fine = grain::smooth(angle * 170.0, v / 70.0, seed ^ 11);
        let coarse = grain::smooth(angle * 34.0, v / 130.0, seed ^ 12);
        let shine = (-((v + 140.0 + 0.003 * u * u) / 34.0).powi(2)).exp() * (0.6 + 0.4 * fine);
        let edge = 1.0 - 0.25 * (u / 170.0).powi(2).min(1.0);
        let body = scaled(colour, edge * (1.0 + 0.22 * fine + 0.14 * coarse));
        mix(body, [214.0, 206.0, 200.0], 0.10 * shine)
    }
}

pub(crate) fn behind(brush: &mut Brush<'_>, shape: HairShape, colour: Rgb, seed: u32) {
    let area = mass(shape);
    let ruffled = |u: f32, v: f32| {
        let power = if shape == HairShape::Tall { 2.6 } else { 2.2 };
        ellipse(u, v, area, power) - 1.6 * grain::smooth(u.atan2(v) * 26.0, 0.0, seed ^ 13)
    };
    brush.fill_with(area, 3.0, 1.0, ruffled, strands(colour, seed));
    if shape == HairShape::Long {
        let fall = Area::new(-190.0, -90.0, 190.0, 390.0);
        let curtain = |u: f32, v: f32| {
            let half_width = 166.0 + 10.0 * (v / 60.0).sin() * 0.4 + (v / 390.0) * 14.0;
            let hem = 372.0 + 6.0 * grain::smooth(u / 9.0, 0.0, seed ^ 14);
            (u.abs() - half_width).max(-60.0 - v).max(v - hem)
        };
        brush.fill_with(fall, 3.0, 1.0, curtain, strands(scaled(colour, 0.86), seed));
    }
}

/// Lower edge of the hair over the forehead; towards the ears it becomes sideburns.
fn hairline(shape: HairShape, u: f32, turn: Turn, seed: u32) -> f32 {
    let ragged = |depth: f32| depth * grain::smooth(u / 8.0, 0.0, seed ^ 15);
    let front = match shape {
        HairShape::BrowFringe => -38.0 + ragged(4.0),
        HairShape::EyeFringe => 6.0 + ragged(7.0),
        HairShape::Long => -96.0 - 42.0 * (-((u - 14.0) / 26.0).powi(2)).exp() + ragged(2.0),
        HairShape::Tied => -124.0 - 0.0012 * u * u + ragged(1.5),
        HairShape::Cropped => -122.0 - 0.0006 * u * u + ragged(2.0),
        HairShape::Short | HairShape::Tall => -121.0 - 12.0 * ((u + 34.0) / 52.0).sin() + ragged(4.0),
    } + turn.hairline();
    let side = ((u.abs() - 96.0) / 42.0).clamp(0.0, 1.0);
    let sideburn = if shape == HairShape::Tied { -40.0 } else { -4.0 };
    front + (sideburn - front).max(0.0) * side * side * (3.0 - 2.0 * side)
}

pub(crate) fn in_front(brush: &mut Brush<'_>, portrait: &Portrait, turn: Turn) {
    let (shape, colour, seed) = (portrait.hair, portrait.hair_colour, portrait.seed);
    let skull = Skull::new(turn);
    let area = Area::new(-HALF_WIDTH - 10.0, mass(shape).top, HALF_WIDTH + 10.0, 60.0);
    brush.shade(area, [0.62, 0.56, 0.54], |u, v| {
        let below = v - hairline(shape, u, turn, seed);
        if (0.0..40.0).contains(&below) { 0.5 * (-below / 7.0).exp() * skull.inside(u, v) } else { 0.0 }
    });
    let cap = |u: f32, v: f32| (skull.outline(u, v) - 5.0).max(v - hairline(shape, u, turn, seed));
    brush.fill_with(area, 2.4, 1.0, cap, strands(colour, seed));
    if !portrait.ears {
        locks(brush, shape, colour, seed);
    }
}

/// Hair in front of the ears.
fn locks(brush: &mut Brush<'_>, shape: HairShape, colour: Rgb, seed: u32) {
    let length = if shape == HairShape::Long { 330.0 } else { 78.0 };
    for side in [-1.0f32, 1.0] {
        let (left, right) = if side < 0.0 { (-180.0, -105.0) } else { (105.0, 180.0) };
        let lock = |u: f32, v: f32| {
            let inner = 120.0 + 8.0 * ((v - 20.0) / 90.0).sin() + 4.0 * grain::smooth(v / 40.0, side, seed ^ 16);
            let bulge = 168.0 - 0.0006 * (v - 60.0).powi(2);
            let hem = length + 8.0 * grain::smooth(u / 7.0, side, seed ^ 17);
            (inner - u * side).max(u * side - bulge).max(-120.0 - v).max(v - hem)
        };
        brush.fill_with(Area::new(left, -130.0, right, length + 12.0), 3.0, 1.0, lock, strands(colour, seed));
    }
}
