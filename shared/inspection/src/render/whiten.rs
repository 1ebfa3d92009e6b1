//! Turns a nearly white background into white without a halo: soft hair edges, and the old background's colour
//! taken out of the pixels that hold a share of it.

use crate::image::Rgb8;
use crate::measure::boxed::boxed;
use crate::measure::colour::luma;

/// Window and regularisation of the guided filter (He, Sun, Tang 2013) that follows hair in the luma.
const RADIUS: usize = 6;
const EPSILON: f32 = 1e-4;
/// Person shares below and above these are taken as none and all.
const NONE: f32 = 0.08;
const ALL: f32 = 0.92;

/// `person` is the coarse mask of the same size, 0 to 1.
pub fn whiten(picture: &mut Rgb8, person: &[f32]) {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let guide: Vec<f32> = picture.pixels.chunks_exact(3).map(|p| luma([p[0], p[1], p[2]]) / 255.0).collect();
    let share = guided(&guide, person, width, height);
    let wall = wall(picture, person, width, height);
    for ((pixel, share), wall) in picture.pixels.as_chunks_mut::<3>().0.iter_mut().zip(share).zip(wall) {
        let person = ((share - NONE) / (ALL - NONE)).clamp(0.0, 1.0);
        if person <= 0.0 {
            *pixel = [255; 3];
        } else if person < 1.0 {
            // The pixel is `person * P + (1 - person) * wall`; exchanging the wall for white keeps P untouched.
            *pixel = std::array::from_fn(|channel| {
                let lifted = f32::from(pixel[channel]) + (1.0 - person) * (255.0 - wall[channel]);
                (lifted + 0.5).clamp(0.0, 255.0) as u8
            });
        }
    }
}

/// The colour of the background around each pixel: the mean of the background pixels nearby, or of all of them.
fn wall(picture: &Rgb8, person: &[f32], width: usize, height: usize) -> Vec<[f32; 3]> {
    const REACH: usize = 24;
    let weighted = |(&share, p): (&f32, &[u8; 3])| {
        if share < NONE { [1.0, f32::from(p[0]), f32::from(p[1]), f32::from(p[2])] } else { [0.0; 4] }
    };
    let values: Vec<[f32; 4]> = person.iter().zip(picture.pixels.as_chunks::<3>().0).map(weighted).collect();
    let total = values.iter().fold([0.0f64; 4], |sum, value| std::array::from_fn(|at| sum[at] + f64::from(value[at])));
    let overall = [1, 2, 3].map(|at| if total[0] > 0.0 { (total[at] / total[0]) as f32 } else { 255.0 });
    let means = boxed(&values, width, height, REACH);
    let nearby = |[near, r, g, b]: [f32; 4]| if near > 0.01 { [r, g, b].map(|mean| mean / near) } else { overall };
    means.into_iter().map(nearby).collect()
}

/// The mask, sharpened to follow the edges of the guide.
pub fn guided(guide: &[f32], mask: &[f32], width: usize, height: usize) -> Vec<f32> {
    let moments: Vec<[f32; 4]> = guide.iter().zip(mask).map(|(&g, &m)| [g, m, g * g, g * m]).collect();
    let lines = boxed(&moments, width, height, RADIUS).into_iter().map(|[guide, mask, square, both]| {
        let slope = (both - guide * mask) / (square - guide * guide + EPSILON);
        [slope, mask - slope * guide]
    });
    let lines = boxed(&lines.collect::<Vec<[f32; 2]>>(), width, height, RADIUS);
    lines.into_iter().zip(guide).map(|([slope, offset], guide)| (slope * guide + offset).clamp(0.0, 1.0)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grey_wall_becomes_white_and_the_person_stays() {
        let (width, height) = (60, 60);
        let mut picture = Rgb8::filled(width, height, [238, 240, 242]);
        let mut person = vec![0.0; 3600];
        for y in 20..60 {
            for x in 20..40 {
                picture.set_pixel(x, y, [60, 50, 40]);
                person[(y * width + x) as usize] = 1.0;
            }
        }
        whiten(&mut picture, &person);
        assert_eq!(picture.pixel(2, 2), [255; 3]);
        assert_eq!(picture.pixel(50, 30), [255; 3]);
        let inside = picture.pixel(30, 45);
        assert!(inside[0].abs_diff(60) <= 1 && inside[2].abs_diff(40) <= 1, "{inside:?}");
    }
}
