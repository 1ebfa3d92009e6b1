//! Turns a nearly white background into white without a halo: soft hair edges, and the old background's colour
//! taken out of the pixels that hold a share of it.

use crate::image::Rgb8;
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
    for (at, pixel) in picture.pixels.chunks_exact_mut(3).enumerate() {
        let person = ((share[at] - NONE) / (ALL - NONE)).clamp(0.0, 1.0);
        for (value, wall) in pixel.iter_mut().zip(wall[at]) {
            // The pixel is `person * P + (1 - person) * wall`; exchanging the wall for white keeps P untouched.
            let lifted = f32::from(*value) + (1.0 - person) * (255.0 - wall);
            *value = (lifted + 0.5).clamp(0.0, 255.0) as u8;
        }
        if person <= 0.0 {
            pixel.fill(255);
        }
    }
}

/// The colour of the background around each pixel: the mean of the background pixels nearby, or of all of them.
fn wall(picture: &Rgb8, person: &[f32], width: usize, height: usize) -> Vec<[f32; 3]> {
    const REACH: usize = 24;
    let weight: Vec<f32> = person.iter().map(|&share| if share < NONE { 1.0 } else { 0.0 }).collect();
    let nearby = boxed(&weight, width, height, REACH);
    let total: f32 = weight.iter().sum();
    let [red, green, blue] = [0, 1, 2].map(|channel| {
        let values: Vec<f32> =
            weight.iter().zip(picture.pixels.chunks_exact(3)).map(|(w, pixel)| w * f32::from(pixel[channel])).collect();
        let overall = if total > 0.0 { values.iter().sum::<f32>() / total } else { 255.0 };
        let means = boxed(&values, width, height, REACH);
        means.into_iter().zip(&nearby).map(move |(mean, &near)| if near > 0.01 { mean / near } else { overall })
    });
    red.zip(green).zip(blue).map(|((red, green), blue)| [red, green, blue]).collect()
}

/// The mask, sharpened to follow the edges of the guide.
pub fn guided(guide: &[f32], mask: &[f32], width: usize, height: usize) -> Vec<f32> {
    let mean = |values: &[f32]| boxed(values, width, height, RADIUS);
    let product = |a: &[f32], b: &[f32]| -> Vec<f32> { a.iter().zip(b).map(|(a, b)| a * b).collect() };
    let (guide_mean, mask_mean) = (mean(guide), mean(mask));
    let (guide_square, both) = (mean(&product(guide, guide)), mean(&product(guide, mask)));
    let slope: Vec<f32> = (0..guide.len())
        .map(|i| (both[i] - guide_mean[i] * mask_mean[i]) / (guide_square[i] - guide_mean[i].powi(2) + EPSILON))
        .collect();
    let offset: Vec<f32> = (0..guide.len()).map(|i| mask_mean[i] - slope[i] * guide_mean[i]).collect();
    let (slope, offset) = (mean(&slope), mean(&offset));
    (0..guide.len()).map(|i| (slope[i] * guide[i] + offset[i]).clamp(0.0, 1.0)).collect()
}

/// Mean over a square window of side `2 radius + 1`, clipped at the border; running sums, so the radius costs nothing.
pub fn boxed(values: &[f32], width: usize, height: usize, radius: usize) -> Vec<f32> {
    let mut rows = vec![0.0; values.len()];
    for (row, out) in values.chunks_exact(width).zip(rows.chunks_exact_mut(width)) {
        let mut sum: f32 = row[..radius.min(width)].iter().sum();
        let mut count = radius.min(width) as f32;
        for x in 0..width {
            if x + radius < width {
                sum += row[x + radius];
                count += 1.0;
            }
            if x > radius {
                sum -= row[x - radius - 1];
                count -= 1.0;
            }
            out[x] = sum / count;
        }
    }
    let mut out = vec![0.0; values.len()];
    let mut sums = vec![0.0f32; width];
    let mut count = radius.min(height) as f32;
    for y in 0..radius.min(height) {
        sums.iter_mut().zip(&rows[y * width..]).for_each(|(sum, value)| *sum += value);
    }
    for y in 0..height {
        if y + radius < height {
            sums.iter_mut().zip(&rows[(y + radius) * width..]).for_each(|(sum, value)| *sum += value);
            count += 1.0;
        }
        if y > radius {
            sums.iter_mut().zip(&rows[(y - radius - 1) * width..]).for_each(|(sum, value)| *sum -= value);
            count -= 1.0;
        }
        out[y * width..(y + 1) * width].iter_mut().zip(&sums).for_each(|(out, sum)| *out = sum / count);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_box_mean_of_a_constant_is_the_constant() {
        assert!(boxed(&[3.0; 35], 7, 5, 2).iter().all(|value| (value - 3.0).abs() < 1e-5));
        assert!(boxed(&[3.0; 4], 2, 2, 6).iter().all(|value| (value - 3.0).abs() < 1e-5));
    }

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
