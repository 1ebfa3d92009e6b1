//! Objects on the head or in front of it.

use crate::canvas::{Area, Brush, ellipse};
use crate::colour::{BLACK, Rgb, scaled};
use crate::frame::Turn;
use crate::grain;
use crate::portrait::Cover;

const HAT: Area = Area { left: -172.0, top: -262.0, right: 172.0, bottom: 40.0 };

/// Vertical position of the top of a hat, in head coordinates.
pub(crate) const HAT_TOP: f32 = HAT.top;

pub(crate) fn draw(brush: &mut Brush<'_>, cover: Cover, skin: Rgb, turn: Turn) {
    match cover {
        Cover::None => {}
        Cover::Hat => hat(brush),
        Cover::Mask => mask(brush, turn),
        Cover::Hand => hand(brush, skin, turn),
        Cover::EyeBar => brush.fill(Area::new(-150.0, -48.0, 150.0, 22.0), 0.5, BLACK, |u, v| {
            (u.abs() - 150.0).max((v + 13.0).abs() - 35.0)
        }),
    }
}

fn hat(brush: &mut Brush<'_>) {
    let felt = |base: Rgb| {
        move |u: f32, v: f32, _: Rgb| {
            let round = 1.08 - 0.4 * (u / 175.0).powi(2) + 0.10 * (-(v + 190.0) / 90.0).clamp(-1.0, 1.0);
            scaled(base, round + 0.05 * grain::smooth(u / 3.0, v / 3.0, 31))
        }
    };
    brush.fill_with(HAT, 2.0, 1.0, |u, v| ellipse(u, v, HAT, 2.5).max(v + 96.0), felt([52.0, 84.0, 128.0]));
    let brim = Area::around(0.0, -98.0, 184.0, 22.0);
    brush.fill_with(brim, 2.0, 1.0, |u, v| ellipse(u, v, brim, 2.4), felt([40.0, 66.0, 104.0]));
}

fn mask(brush: &mut Brush<'_>, turn: Turn) {
    let spot = turn.place(0.0, 112.0, 16.0);
    let area = Area::around(spot.u, spot.v + 2.0, 112.0, 80.0);
    for side in [-1.0f32, 1.0] {
        let strap = Area::new(-150.0, 20.0, 150.0, 180.0);
        for (from, to) in [(spot.v - 48.0, 14.0), (spot.v + 44.0, 42.0)] {
            brush.fill(strap, 1.0, [232.0, 236.0, 240.0], |u, v| {
                let t = ((u * side - 96.0) / 44.0).clamp(0.0, 1.0);
                ((v - (from + (to - from) * t)).abs() - 2.0).max(96.0 - u * side).max(u * side - 140.0)
            });
        }
    }
    brush.fill_with(
        area,
        2.0,
        1.0,
        |u, v| ellipse(u, v, area, 3.0),
        |u, v, _| {
            let pleat = 0.94 + 0.06 * ((v - spot.v) / 8.5).sin();
            let round = 1.0 - 0.22 * ((u - spot.u) / 112.0).powi(2);
            scaled([150.0, 190.0, 216.0], pleat * round)
        },
    );
}

/// Four fingers and the back of a hand over the mouth, from the right of the picture.
fn hand(brush: &mut Brush<'_>, skin: Rgb, turn: Turn) {
    let spot = turn.place(0.0, 128.0, 20.0);
    let back = Area::around(spot.u + 118.0, spot.v + 26.0, 76.0, 92.0);
    brush.fill_with(back, 2.0, 1.0, |u, v| ellipse(u, v, back, 2.6), |u, _, _| scaled(skin, 0.86 + 0.0006 * u));
    for (finger, reach) in [(0, 76.0), (1, 92.0), (2, 88.0), (3, 66.0)] {
        let v0 = spot.v - 36.0 + 29.0 * finger as f32;
        let area = Area::new(spot.u - reach, v0 - 16.0, spot.u + 110.0, v0 + 16.0);
        let along = |u: f32| (u - (spot.u - reach + 16.0)).min(0.0);
        brush.fill_with(
            area,
            1.6,
            1.0,
            |u, v| along(u).hypot(v - v0) - 15.0,
            |_, v, _| scaled(skin, 0.98 - 0.26 * ((v - v0) / 15.0).powi(2)),
        );
    }
}
