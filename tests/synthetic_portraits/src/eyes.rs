//! Paints eyes and brows.

use crate::canvas::{Area, Brush, ellipse};
use crate::colour::{Rgb, mix, scaled};
use crate::frame::{Spot, Turn};
use crate::grain;
use crate::portrait::Portrait;

/// Half the distance between the corners of an eye, in head units.
pub(crate) const HALF_EYE: f32 = 33.0;
/// Radius of an iris, in head units.
pub(crate) const IRIS: f32 = 12.6;
/// Distance of the lid edges of a fully open eye from the line between the corners, above and below.
const UPPER: f32 = 12.6;
const LOWER: f32 = 8.6;
/// Vertical position of the lid edges of a shut eye.
const SHUT: f32 = 6.0;

/// An eye of a portrait: position, opening and gaze.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Eye {
    /// -1 on the left of the picture, 1 on the right.
    side: f32,
    spot: Spot,
    open: f32,
    gaze: [f32; 2],
}

impl Eye {
    pub fn pair(portrait: &Portrait) -> [Self; 2] {
        let turn = Turn::new(portrait.yaw, portrait.pitch);
        [(-1.0f32, portrait.eyes_open[0]), (1.0, portrait.eyes_open[1])].map(|(side, open)| Self {
            side,
            spot: turn.place(side * 58.0, -14.0, 0.0),
            open: open.clamp(0.0, 1.0),
            gaze: portrait.gaze,
        })
    }

    /// Middle of the line between the corners, in head coordinates.
    pub fn middle(&self) -> [f32; 2] {
        [self.spot.u, self.spot.v]
    }

    pub fn iris(&self) -> [f32; 2] {
        let [x, y] = self.iris_local();
        self.spot.head(x, y)
    }

    /// Lid gap divided by the eye width.
    pub fn opening(&self) -> f32 {
        (UPPER + LOWER) * self.open / (2.0 * HALF_EYE) * self.spot.tall / self.spot.wide
    }

    fn iris_local(&self) -> [f32; 2] {
        [self.gaze[0] * (HALF_EYE - IRIS), -1.6 + self.gaze[1] * 8.0]
    }

    /// Vertical positions of the upper and lower lid edge at `x`, in coordinates of the eye.
    fn lids(&self, x: f32) -> [f32; 2] {
        let t = (x / HALF_EYE).clamp(-1.0, 1.0);
        let bow = (1.0 - t * t).max(0.0);
        let slant = -2.0 * t * self.side;
        let between = |open: f32| open * self.open + SHUT * (1.0 - self.open);
        [slant + between(-UPPER) * bow.powf(0.78), slant + between(LOWER) * bow.powf(0.85)]
    }

    /// Signed distance to the opening between the lids.
    fn aperture(&self, x: f32, y: f32) -> f32 {
        let [upper, lower] = self.lids(x);
        (upper - y).max(y - lower).max(x.abs() - HALF_EYE)
    }

    fn stroke(&self, half_width: f32, half_height: f32) -> Area {
        Area::around(self.spot.u, self.spot.v, half_width * self.spot.wide, half_height)
    }
}

pub(crate) fn draw(brush: &mut Brush<'_>, eye: &Eye, skin: Rgb, red: bool) {
    lid(brush, eye, skin);
    if eye.open > 0.02 {
        ball(brush, eye, red);
    }
    lashes(brush, eye, skin);
}

/// The lid: slightly lighter than the eye socket, with a crease above.
fn lid(brush: &mut Brush<'_>, eye: &Eye, skin: Rgb) {
    let spot = eye.spot;
    brush.wash(eye.stroke(38.0, 26.0), 7.0, scaled(skin, 0.90), 0.55, |u, v| {
        let [x, y] = spot.local(u, v);
        ellipse(x, y, Area::new(-37.0, -19.0, 37.0, 18.0), 2.0)
    });
    let crease = scaled(skin, 0.62);
    brush.wash(eye.stroke(36.0, 30.0), 1.6, crease, 0.7, |u, v| {
        let [x, y] = spot.local(u, v);
        let t = (x / (HALF_EYE + 3.0)).clamp(-1.0, 1.0);
        let arc = -2.0 * t * eye.side - 20.0 * (1.0 - t * t).max(0.0).powf(0.7);
        ((y - arc).abs() - 1.0).max(x.abs() - HALF_EYE - 1.0)
    });
}

fn ball(brush: &mut Brush<'_>, eye: &Eye, red: bool) {
    let spot = eye.spot;
    let local = |u: f32, v: f32| spot.local(u, v);
    let area = eye.stroke(HALF_EYE + 2.0, 18.0);
    brush.fill_with(
        area,
        1.0,
        1.0,
        |u, v| {
            let [x, y] = local(u, v);
            eye.aperture(x, y)
        },
        |u, v, _| {
            let [x, y] = local(u, v);
            let under_lid = ((y - eye.lids(x)[0]) / 8.0).clamp(0.0, 1.0);
            let round = 1.0 - 0.16 * (x / HALF_EYE).powi(2);
            scaled([236.0, 230.0, 227.0], round * (0.74 + 0.26 * under_lid))
        },
    );
    let at = eye.iris_local();
    let from_iris = move |u: f32, v: f32| {
        let [x, y] = spot.local(u, v);
        (x - at[0]).hypot(y - at[1])
    };
    let within = |u: f32, v: f32| {
        let [x, y] = spot.local(u, v);
        (0.5 - eye.aperture(x, y) / 2.0).clamp(0.0, 1.0)
    };
    let brush = &mut brush.clipped(&within);
    brush.fill_with(
        area,
        1.0,
        1.0,
        |u, v| from_iris(u, v) - IRIS,
        |u, v, _| {
            let r = from_iris(u, v) / IRIS;
            mix([84.0, 54.0, 36.0], [30.0, 19.0, 15.0], ((r - 0.55) / 0.45).clamp(0.0, 1.0))
        },
    );
    let (pupil, radius) = if red { ([206.0, 38.0, 34.0], 9.5) } else { ([12.0, 10.0, 10.0], 5.6) };
    brush.fill(area, 1.2, pupil, |u, v| from_iris(u, v) - radius);
    brush.fill(area, 0.8, [252.0; 3], |u, v| {
        let [x, y] = spot.local(u, v);
        (x - at[0] - 3.8).hypot(y - at[1] + 4.0) - 2.3
    });
}

fn lashes(brush: &mut Brush<'_>, eye: &Eye, skin: Rgb) {
    let spot = eye.spot;
    let dark = mix([36.0, 26.0, 24.0], scaled(skin, 0.3), 0.3);
    let area = eye.stroke(HALF_EYE + 4.0, 22.0);
    brush.wash(area, 1.0, dark, 0.95, |u, v| {
        let [x, y] = spot.local(u, v);
        let upper = eye.lids(x)[0];
        let thick = 1.5 + 1.1 * ((x * eye.side) / HALF_EYE).max(0.0);
        ((y - upper + 0.8).abs() - thick).max(x.abs() - HALF_EYE - 1.0)
    });
    brush.wash(area, 1.0, scaled(skin, 0.52), 0.6 * eye.open, |u, v| {
        let [x, y] = spot.local(u, v);
        ((y - eye.lids(x)[1] - 0.6).abs() - 0.8).max(x.abs() - HALF_EYE)
    });
}

pub(crate) fn brow(brush: &mut Brush<'_>, side: f32, turn: Turn, colour: Rgb, seed: u32) {
    let spot = turn.place(side * 58.0, -50.0, 4.0);
    let colour = mix(colour, [60.0, 46.0, 40.0], 0.15);
    let area = Area::around(spot.u, spot.v, 48.0 * spot.wide, 26.0);
    brush.fill_with(
        area,
        2.4,
        0.9,
        |u, v| {
            let [x, y] = spot.local(u, v);
            let outward = x * side;
            let arc = 0.0038 * (outward - 6.0).powi(2) - 4.0;
            let thick = (5.8 - 3.0 * ((outward + 10.0) / 52.0).clamp(0.0, 1.0))
                * ((44.0 - x.abs()) / 12.0).clamp(0.0, 1.0).sqrt();
            ((y - arc).abs() - thick).max(x.abs() - 42.0)
        },
        |u, v, below| {
            let [x, y] = spot.local(u, v);
            let hairs = 0.5 + 0.5 * grain::smooth((x + y * side * 0.8) / 1.7, y / 9.0, seed ^ 77);
            mix(below, colour, 0.62 + 0.38 * hairs)
        },
    );
}
