//! Paints skull, ears, nose and neck with shading.

use crate::canvas::{Area, Brush, blob, ellipse};
use crate::colour::{Rgb, scaled};
use crate::frame::{HALF_WIDTH, Turn};
use crate::grain;

const SKULL_TOP: f32 = 178.0;

/// The outline of a head without hair; the chin moves with the pitch.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Skull {
    chin: f32,
}

impl Skull {
    pub fn new(turn: Turn) -> Self {
        Self { chin: turn.chin() }
    }

    /// Distance from the centre relative to the outline: 1 on the outline.
    fn reach(self, u: f32, v: f32) -> f32 {
        if v < 0.0 {
            return (u / HALF_WIDTH).hypot(v / SKULL_TOP);
        }
        // A superellipse with the power 2.5 gives the jaw its corners.
        let part = |x: f32| x * x * x.sqrt();
        let across = (u / (HALF_WIDTH - 0.16 * v.min(200.0))).abs();
        (part(across) + part(v / self.chin)).powf(0.4)
    }

    /// Signed distance to the outline.
    pub fn outline(self, u: f32, v: f32) -> f32 {
        (self.reach(u, v) - 1.0) * HALF_WIDTH
    }

    /// Coverage of a position by the head, 0 to 1.
    pub fn inside(self, u: f32, v: f32) -> f32 {
        (0.5 - self.outline(u, v) / 4.0).clamp(0.0, 1.0)
    }

    pub fn area(self) -> Area {
        Area::new(-HALF_WIDTH, -SKULL_TOP, HALF_WIDTH, self.chin)
    }
}

/// The neck, upright under the head.
pub(crate) fn neck(brush: &mut Brush<'_>, skin: Rgb) {
    let column = Area::new(-100.0, 90.0, 100.0, 300.0);
    brush.fill_with(
        column,
        3.0,
        1.0,
        |u, v| (u.abs() - (78.0 + 0.006 * (v - 205.0).max(0.0).powi(2))).max(v - 300.0),
        |u, v, _| {
            let round = 0.90 - 0.24 * (u / 84.0).powi(2).min(1.2);
            let under_chin = 1.0 - 0.30 * (-((v - 178.0) / 34.0).powi(2)).exp();
            scaled(skin, round * under_chin)
        },
    );
    for side in [-1.0, 1.0] {
        brush.shade(column, [0.86, 0.83, 0.82], |u, v| {
            0.5 * (-((u - side * (40.0 - (v - 200.0) * 0.22)) / 7.0).powi(2)).exp()
                * ((v - 205.0) / 40.0).clamp(0.0, 1.0)
        });
    }
}

/// Both ears; a rotated head shows less of the far ear.
pub(crate) fn ears(brush: &mut Brush<'_>, skin: Rgb, turn: Turn) {
    for side in [-1.0f32, 1.0] {
        let hidden = (side * turn.yaw_sin()).max(0.0) * 34.0;
        let middle = side * (141.0 - hidden) - turn.yaw_sin() * 20.0;
        let ear = Area::around(middle, 12.0, 19.0, 42.0);
        let lobe = |u: f32, v: f32| ellipse(u - side * (12.0 - v) * 0.10, v, ear, 2.3);
        brush.fill(ear, 2.0, scaled(skin, 0.88), lobe);
        let fold = Area::around(middle + side * 3.0, 8.0, 10.0, 27.0);
        brush.wash(fold, 4.0, scaled(skin, 0.62), 0.7, |u, v| ellipse(u - side * (12.0 - v) * 0.10, v, fold, 2.3));
        let ridge = Area::around(middle - side * 1.0, 16.0, 7.0, 16.0);
        brush.wash(ridge, 4.0, scaled(skin, 0.80), 0.8, |u, v| ellipse(u, v, ridge, 2.0));
    }
}

/// The face without eyes, nose and mouth: a round shape with light from above, shaded hollows and coloured cheeks.
pub(crate) fn face(brush: &mut Brush<'_>, skin: Rgb, turn: Turn) {
    let skull = Skull::new(turn);
    brush.fill_with(
        skull.area(),
        2.0,
        1.0,
        |u, v| skull.outline(u, v),
        |u, v, _| {
            let q = skull.reach(u, v);
            let toward = (1.0 - q * q).max(0.0).sqrt();
            let lit = (toward * 0.95 - 0.05 * (u / 150.0) - 0.14 * (v / 190.0)).clamp(0.0, 1.1);
            scaled(skin, 0.75 + 0.30 * lit)
        },
    );
    let inside = |u: f32, v: f32| skull.inside(u, v);
    let brush = &mut brush.clipped(&inside);
    for side in [-1.0, 1.0] {
        let socket = turn.place(side * 57.0, -24.0, 0.0);
        brush.shade(Area::around(socket.u, socket.v, 100.0, 62.0), [0.74, 0.68, 0.67], |u, v| {
            0.5 * blob(u, v, [socket.u, socket.v], 44.0, 24.0)
        });
        let bag = turn.place(side * 56.0, 14.0, 0.0);
        brush.shade(Area::around(bag.u, bag.v, 80.0, 30.0), [0.88, 0.82, 0.82], |u, v| {
            0.35 * blob(u, v, [bag.u, bag.v], 30.0, 7.0)
        });
        let cheek = turn.place(side * 78.0, 58.0, 0.0);
        brush.shade(Area::around(cheek.u, cheek.v, 90.0, 80.0), [1.02, 0.86, 0.84], |u, v| {
            0.45 * blob(u, v, [cheek.u, cheek.v], 40.0, 32.0)
        });
        let flank = [side * 128.0, 66.0];
        brush.shade(Area::around(flank[0], flank[1], 90.0, 190.0), [0.78, 0.74, 0.73], |u, v| {
            0.45 * blob(u, v, flank, 36.0, 110.0)
        });
        let fold = turn.place(side * 47.0, 96.0, 0.0);
        brush.shade(Area::around(fold.u, fold.v, 40.0, 50.0), [0.84, 0.78, 0.77], |u, v| {
            let along = fold.u + side * 0.35 * (v - fold.v);
            0.32 * blob(u, v, [along, fold.v], 6.0, 22.0)
        });
    }
    let chin = turn.place(0.0, 166.0, 16.0);
    brush.glow(Area::around(chin.u, chin.v, 70.0, 40.0), scaled(skin, 1.08), |u, v| {
        0.35 * blob(u, v, [chin.u, chin.v], 30.0, 15.0)
    });
    let under_lip = turn.place(0.0, 148.0, 20.0);
    brush.shade(Area::around(under_lip.u, under_lip.v, 70.0, 22.0), [0.80, 0.74, 0.73], |u, v| {
        0.42 * blob(u, v, [under_lip.u, under_lip.v], 32.0, 7.0)
    });
}

/// Pores and small colour variations of the skin.
pub(crate) fn texture(brush: &mut Brush<'_>, turn: Turn, seed: u32) {
    let skull = Skull::new(turn);
    let octave = |u: f32, v: f32, size: f32, salt: u32| 0.5 + 0.5 * grain::smooth(u / size, v / size, seed ^ salt);
    brush.clipped(&|u, v| skull.inside(u, v)).shade(skull.area(), [0.0; 3], |u, v| {
        0.030 * octave(u, v, 3.2, 1) + 0.028 * octave(u, v, 9.0, 2) + 0.022 * octave(u, v, 46.0, 3)
    });
}

pub(crate) fn nose(brush: &mut Brush<'_>, skin: Rgb, turn: Turn) {
    let skull = Skull::new(turn);
    let inside = |u: f32, v: f32| skull.inside(u, v);
    let brush = &mut brush.clipped(&inside);
    let bridge = turn.place(0.0, 14.0, 20.0);
    let tip = turn.place(0.0, 58.0, 54.0);
    let base = turn.place(0.0, 76.0, 40.0);
    for side in [-1.0f32, 1.0] {
        brush.shade(Area::around(bridge.u, bridge.v, 60.0, 110.0), [0.80, 0.75, 0.73], |u, v| {
            0.42 * blob(u, v, [bridge.u + side * (14.0 + (v - bridge.v).max(0.0) * 0.06), bridge.v + 8.0], 9.0, 46.0)
        });
        let wing = [tip.u + side * 24.0 * tip.wide, tip.v + 8.0];
        brush.shade(Area::around(wing[0], wing[1], 30.0, 40.0), [0.74, 0.65, 0.63], |u, v| {
            0.6 * blob(u, v, wing, 9.0, 13.0)
        });
        let hole = Area::around(base.u + side * 12.0 * base.wide, base.v, 8.0 * base.wide, 4.0);
        brush.wash(hole, 2.2, scaled(skin, 0.36), 0.85, |u, v| ellipse(u, v, hole, 2.0));
    }
    let light = scaled(skin, 1.16);
    brush.glow(Area::around(bridge.u, bridge.v, 30.0, 90.0), light, |u, v| {
        0.42 * blob(u, v, [bridge.u, bridge.v], 7.0, 46.0)
    });
    brush.glow(Area::around(tip.u, tip.v, 40.0, 36.0), light, |u, v| 0.5 * blob(u, v, [tip.u, tip.v], 14.0, 12.0));
    brush.shade(Area::around(base.u, base.v + 9.0, 66.0, 18.0), [0.74, 0.66, 0.64], |u, v| {
        0.6 * blob(u, v, [base.u, base.v + 8.0], 28.0, 6.0)
    });
    let groove = turn.place(0.0, 98.0, 24.0);
    brush.shade(Area::around(groove.u, groove.v, 20.0, 26.0), [0.84, 0.78, 0.77], |u, v| {
        0.35 * blob(u, v, [groove.u, groove.v], 6.0, 11.0)
    });
}
