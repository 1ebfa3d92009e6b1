//! Paints the mouth: lips, teeth and the gap between them.

use crate::canvas::{Area, Brush, blob};
use crate::colour::{Rgb, mix, scaled};
use crate::frame::{Spot, Turn};
use crate::head::Skull;
use crate::portrait::Portrait;

/// The mouth of a portrait. The origin of its coordinates is the middle of the closed mouth.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mouth {
    spot: Spot,
    half_width: f32,
    /// Height of the gap between the lips in the middle.
    gap: f32,
    smile: f32,
    teeth: bool,
}

impl Mouth {
    pub fn of(portrait: &Portrait) -> Self {
        let smile = portrait.smile.clamp(0.0, 1.0);
        let shown = if portrait.teeth { smile * 36.0 } else { 0.0 };
        Self {
            spot: Turn::new(portrait.yaw, portrait.pitch).place(0.0, 124.0, 28.0),
            half_width: 48.0 + 13.0 * smile,
            gap: (portrait.mouth_open.clamp(0.0, 1.0) * 42.0).max(shown),
            smile,
            teeth: portrait.teeth || portrait.mouth_open > 0.3,
        }
    }

    /// Inner lip gap divided by the width of the mouth.
    pub fn gap_ratio(&self) -> f32 {
        self.gap / (2.0 * self.half_width) * self.spot.tall / self.spot.wide
    }

    /// Left and right corner, in head coordinates.
    pub fn corners(&self) -> [[f32; 2]; 2] {
        [-1.0, 1.0].map(|side| self.spot.head(side * self.half_width, self.line(side)))
    }

    /// Vertical position of the line between closed lips, at `t` from -1 to 1 across the mouth. A smile lifts the
    /// corners.
    fn line(&self, t: f32) -> f32 {
        1.8 * (1.0 - t * t) + self.smile * (5.0 - 16.0 * t * t)
    }

    /// Lower edge of the upper lip and upper edge of the lower lip.
    fn inner(&self, t: f32) -> [f32; 2] {
        let bow = (1.0 - t * t).max(0.0);
        [self.line(t) - 0.4 * self.gap * bow, self.line(t) + 0.6 * self.gap * bow]
    }

    fn across(&self, u: f32, v: f32) -> (f32, f32, f32) {
        let [x, y] = self.spot.local(u, v);
        ((x / self.half_width).clamp(-1.0, 1.0), y, x.abs() - self.half_width)
    }

    fn area(&self) -> Area {
        Area::around(self.spot.u, self.spot.v + 8.0, 76.0, 66.0)
    }
}

pub(crate) fn draw(brush: &mut Brush<'_>, mouth: &Mouth, skin: Rgb, skull: Skull) {
    let inside = |u: f32, v: f32| skull.inside(u, v);
    let brush = &mut brush.clipped(&inside);
    if mouth.gap > 0.3 {
        gap(brush, mouth);
    }
    lips(brush, mouth, skin);
    corners(brush, mouth);
}

fn gap(brush: &mut Brush<'_>, mouth: &Mouth) {
    let between = |u: f32, v: f32| {
        let (t, y, wide) = mouth.across(u, v);
        let [upper, lower] = mouth.inner(t);
        (upper - y).max(y - lower).max(wide)
    };
    brush.fill(mouth.area(), 1.2, [66.0, 22.0, 24.0], between);
    if !mouth.teeth {
        return;
    }
    let enamel = |u: f32, v: f32| {
        let (t, y, wide) = mouth.across(u, v);
        let [upper, lower] = mouth.inner(t);
        let length = (lower - upper).min(12.0 * (1.0 - 0.4 * t * t));
        (upper - y).max(y - upper - length).max(wide + 5.0)
    };
    brush.fill_with(mouth.area(), 1.0, 0.96, enamel, |u, v, _| {
        let (t, _, _) = mouth.across(u, v);
        let seam = (t * mouth.half_width / 9.5).fract().abs();
        let line = if !(0.07..=0.93).contains(&seam) { 0.84 } else { 1.0 };
        scaled([240.0, 234.0, 226.0], line * (1.0 - 0.2 * t * t))
    });
}

fn lips(brush: &mut Brush<'_>, mouth: &Mouth, skin: Rgb) {
    // The lips are darkened with the complexion; otherwise they would be too bright on dark skin.
    let depth = (skin[1] / 180.0).clamp(0.35, 1.0);
    let red = mix(scaled(skin, 0.78), scaled([178.0, 84.0, 84.0], depth), 0.42);
    let thin = 1.0 - 0.25 * mouth.smile;
    brush.fill_with(
        mouth.area(),
        1.5,
        1.0,
        |u, v| {
            let (t, y, wide) = mouth.across(u, v);
            let edge = mouth.inner(t)[0];
            let bow = 11.5 - 3.6 * (-(t * 5.2).powi(2)).exp();
            (edge - bow * thin * (1.0 - t.abs().powf(1.6)) - y).max(y - edge).max(wide)
        },
        |_, _, _| scaled(red, 0.93),
    );
    brush.fill_with(
        mouth.area(),
        1.5,
        1.0,
        |u, v| {
            let (t, y, wide) = mouth.across(u, v);
            let edge = mouth.inner(t)[1];
            (edge - y).max(y - edge - 15.0 * thin * (1.0 - t * t)).max(wide)
        },
        |u, v, _| {
            let (t, y, _) = mouth.across(u, v);
            let shine = 0.22 * blob(t * mouth.half_width, y, [0.0, mouth.inner(t)[1] + 6.0], 20.0, 4.0);
            mix(scaled(red, 1.06), [250.0, 226.0, 218.0], shine)
        },
    );
    if mouth.gap <= 0.3 {
        brush.wash(mouth.area(), 1.0, scaled(red, 0.50), 0.95, |u, v| {
            let (t, y, wide) = mouth.across(u, v);
            ((y - mouth.line(t)).abs() - 1.1).max(wide)
        });
    }
}

fn corners(brush: &mut Brush<'_>, mouth: &Mouth) {
    for at in mouth.corners() {
        brush.shade(Area::around(at[0], at[1], 20.0, 18.0), [0.70, 0.60, 0.58], |u, v| 0.5 * blob(u, v, at, 6.0, 5.0));
    }
}
