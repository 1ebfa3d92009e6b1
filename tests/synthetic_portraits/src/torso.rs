//! Shoulders and clothes. They stay upright when the head is tilted.

use crate::canvas::{Area, Brush, ellipse};
use crate::colour::{Rgb, scaled};
use crate::grain;
use crate::head;

/// Centre of the head's rotation, in head units below the nose bridge.
pub(crate) const HINGE: f32 = 215.0;
const COLLAR: Area = Area { left: -88.0, top: 192.0, right: 88.0, bottom: 284.0 };

pub(crate) fn draw(brush: &mut Brush<'_>, cloth: Rgb, skin: Rgb, shoulders: [f32; 2], seed: u32) {
    let body = Area::new(-460.0, 190.0, 460.0, 6000.0);
    let silhouette = |u: f32, v: f32| {
        let there = shoulders[usize::from(u > 0.0)];
        let top = 232.0 + 82.0 * (u.abs() / 280.0) * (u.abs() / 280.0).sqrt();
        let arm = (316.0 + 0.05 * (v - 420.0).clamp(0.0, 900.0)) * there;
        let (above, beside) = (top - v, u.abs() - arm);
        // A smooth maximum makes the shoulder round.
        0.5 * (above + beside + (above - beside).hypot(56.0)) - 2.0
    };
    brush.fill_with(body, 2.5, 1.0, silhouette, |u, v, _| {
        let fall = 1.10 - 0.28 * (u / 330.0).powi(2).min(1.3) - 0.08 * ((v - 240.0) / 260.0).clamp(0.0, 1.0);
        let fold = 0.10 * grain::smooth(u / 38.0 + v / 150.0, v / 210.0, seed ^ 21);
        let weave = 0.05 * grain::smooth(u / 2.6, v / 2.6, seed ^ 22);
        scaled(cloth, fall + fold + weave)
    });
    brush.shade(Area::new(-170.0, 200.0, 170.0, 380.0), [0.55; 3], |u, v| {
        0.5 * (-((u / 90.0).powi(2) + ((v - 250.0) / 40.0).powi(2))).exp()
    });
    let neckline = |u: f32, v: f32| ellipse(u, v, COLLAR, 2.0);
    head::neck(
        &mut brush.clipped(&|u, v| if v < 238.0 { 1.0 } else { (0.5 - neckline(u, v) / 3.0).clamp(0.0, 1.0) }),
        skin,
    );
    let band = Area::new(COLLAR.left - 16.0, 222.0, COLLAR.right + 16.0, COLLAR.bottom + 16.0);
    brush.fill_with(
        band,
        2.0,
        1.0,
        |u, v| {
            let half = 6.0 * ((v - 226.0) / 28.0).clamp(0.0, 1.0);
            ((neckline(u, v) - half + 2.0).abs() - half).max(238.0 - v)
        },
        |u, v, _| {
            let rib = 0.06 * (u.atan2(v - 170.0) * 90.0).sin();
            let along = 1.12 - 0.25 * (u / 100.0).powi(2);
            scaled(cloth, along + rib)
        },
    );
}
