//! Paints glasses.

use crate::canvas::{Area, Brush, ellipse};
use crate::colour::BLACK;
use crate::frame::Turn;
use crate::portrait::Glasses;

pub(crate) fn draw(brush: &mut Brush<'_>, glasses: Glasses, turn: Turn) {
    let thick = match glasses {
        Glasses::None => return,
        Glasses::Clear | Glasses::Glare => 2.4,
        Glasses::Tinted => 3.0,
        Glasses::Thick => 9.0,
    };
    let sides = [-1.0f32, 1.0].map(|side| turn.place(side * 58.0, -12.0, 8.0));
    for (spot, side) in sides.into_iter().zip([-1.0f32, 1.0]) {
        let lens = Area::around(0.0, 2.0, 47.0, 33.0);
        let stroke = Area::around(spot.u, spot.v, 62.0 * spot.wide, 50.0);
        let rim = |u: f32, v: f32| {
            let [x, y] = spot.local(u, v);
            ellipse(x, y, lens, 2.7)
        };
        match glasses {
            Glasses::Tinted => brush.wash(stroke, 1.0, [24.0, 24.0, 30.0], 0.93, rim),
            Glasses::Glare => glare(brush, stroke, spot.u, spot.v, rim),
            _ => brush.wash(stroke, 1.0, [250.0; 3], 0.04, rim),
        }
        brush.fill(stroke, 1.0, BLACK, |u, v| rim(u, v).abs() - thick);
        let temple = Area::new(-150.0, spot.v - 24.0, 150.0, spot.v + 8.0);
        brush.fill(temple, 1.0, BLACK, |u, v| {
            let out = u * side;
            ((v - spot.v + 10.0).abs() - thick.min(5.0)).max((spot.u * side + 47.0) - out).max(out - 142.0)
        });
    }
    let (left, right) = (sides[0].u + 46.0 * sides[0].wide, sides[1].u - 46.0 * sides[1].wide);
    let bridge = Area::new(left - 4.0, sides[0].v - 30.0, right + 4.0, sides[0].v + 10.0);
    brush.fill(bridge, 1.0, BLACK, |u, v| {
        let t = (u - (left + right) / 2.0) / ((right - left) / 2.0);
        ((v - sides[0].v + 10.0 - 4.0 * t * t).abs() - thick.min(6.0))
            .max((u - (left + right) / 2.0).abs() - (right - left) / 2.0 - 1.0)
    });
}

/// The reflection of a window in the lens, over most of the eye.
fn glare(brush: &mut Brush<'_>, stroke: Area, u0: f32, v0: f32, rim: impl Fn(f32, f32) -> f32) {
    brush.wash(stroke, 1.5, [253.0; 3], 0.97, |u, v| {
        let slanted = (u - u0) + 0.5 * (v - v0);
        rim(u, v).max((slanted - 4.0).abs() - 20.0).max((v - v0).abs() - 24.0)
    });
    brush.wash(stroke, 1.5, [253.0; 3], 0.8, |u, v| {
        let slanted = (u - u0) + 0.5 * (v - v0);
        rim(u, v).max((slanted + 26.0).abs() - 4.0).max((v - v0).abs() - 24.0)
    });
}
