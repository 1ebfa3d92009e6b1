//! The light on the person.

use crate::canvas::{Canvas, blob};
use crate::colour::{Rgb, mix};
use crate::frame::{Frame, HALF_WIDTH};
use crate::portrait::Light;

/// Approximate exponent between sRGB values and light. An exposure multiplies the light.
const GAMMA: f32 = 2.2;

/// The code value after an exposure change of `stops`.
pub(crate) fn exposed(level: f32, stops: f32) -> f32 {
    (level * (stops / GAMMA).exp2()).min(255.0)
}

/// Lights the person; the background is not changed.
pub(crate) fn apply(canvas: &mut Canvas, frame: Frame, light: &Light) {
    if light.exposure == 0.0 && light.side == 0.0 && light.hot_spots == 0.0 && light.cast == [1.0; 3] {
        return;
    }
    let width = canvas.width;
    for (at, (pixel, &person)) in canvas.pixels.iter_mut().zip(&canvas.person).enumerate() {
        if person == 0.0 {
            continue;
        }
        let [u, v] = frame.to_head((at % width) as f32 + 0.5, (at / width) as f32 + 0.5);
        let lit = at_place(*pixel, light, u, v);
        *pixel = mix(*pixel, lit, person);
    }
}

fn at_place(pixel: Rgb, light: &Light, u: f32, v: f32) -> Rgb {
    let away = (0.5 - 0.5 * u * light.side.signum() / (0.6 * HALF_WIDTH)).clamp(0.0, 1.0);
    let shade = away * away * (3.0 - 2.0 * away);
    let side = 1.0 + light.side.abs() * (0.10 - 0.75 * shade);
    let lit: Rgb = std::array::from_fn(|c| exposed(pixel[c] * light.cast[c] * side, light.exposure).clamp(0.0, 255.0));
    let spots = blob(u, v, [-34.0, -84.0], 34.0, 20.0)
        .max(blob(u, v, [4.0, 52.0], 13.0, 22.0))
        .max(blob(u, v, [-72.0, 40.0], 24.0, 20.0))
        .max(blob(u, v, [70.0, 44.0], 20.0, 16.0));
    mix(lit, [255.0; 3], ((spots * 1.9).min(1.0)) * light.hot_spots)
}
