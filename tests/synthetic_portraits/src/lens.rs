//! Effects of the camera: blur, noise and pixelation.

use crate::canvas::Canvas;
use crate::colour::Rgb;
use crate::grain;

/// Gaussian blur with the standard deviation `sigma` in pixels; beyond the edge the border pixel is repeated.
pub(crate) fn blur(canvas: &mut Canvas, sigma: f32) {
    if sigma < 0.05 {
        return;
    }
    let kernel = gaussian(sigma);
    let (width, height) = (canvas.width, canvas.height);
    let mut turned = vec![[0.0; 3]; canvas.pixels.len()];
    across(&canvas.pixels, &mut turned, width, &kernel);
    let mut back = vec![[0.0; 3]; canvas.pixels.len()];
    across(&turned, &mut back, height, &kernel);
    canvas.pixels = back;
}

fn gaussian(sigma: f32) -> Vec<f32> {
    let reach = (3.0 * sigma).ceil() as i32;
    let raw: Vec<f32> = (-reach..=reach).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum: f32 = raw.iter().sum();
    raw.into_iter().map(|w| w / sum).collect()
}

/// Filters each row and writes it as a column, so that two calls filter both directions.
fn across(from: &[Rgb], to: &mut [Rgb], width: usize, kernel: &[f32]) {
    let (height, reach) = (from.len() / width, kernel.len() / 2);
    let mut padded = vec![[0.0; 3]; width + 2 * reach];
    for (y, row) in from.chunks_exact(width).enumerate() {
        padded[..reach].fill(row[0]);
        padded[reach..reach + width].copy_from_slice(row);
        padded[reach + width..].fill(row[width - 1]);
        for x in 0..width {
            let mut sum = [0.0f32; 3];
            for (pixel, weight) in padded[x..].iter().zip(kernel) {
                for c in 0..3 {
                    sum[c] += pixel[c] * weight;
                }
            }
            to[x * height + y] = sum;
        }
    }
}

/// Motion blur of `length` pixels along a line at `angle_deg` from the x axis.
pub(crate) fn motion(canvas: &mut Canvas, length: f32, angle_deg: f32) {
    let steps = length.round() as i32;
    if steps < 1 {
        return;
    }
    let (sin, cos) = angle_deg.to_radians().sin_cos();
    let offsets: Vec<[i32; 2]> = (0..=steps)
        .map(|step| step as f32 - length / 2.0)
        .map(|along| [(along * cos).round() as i32, (along * sin).round() as i32])
        .collect();
    let (width, height) = (canvas.width as i32, canvas.height as i32);
    let from = canvas.pixels.clone();
    for y in 0..height {
        for x in 0..width {
            let mut sum = [0.0f32; 3];
            for [dx, dy] in &offsets {
                let at = (y + dy).clamp(0, height - 1) * width + (x + dx).clamp(0, width - 1);
                for c in 0..3 {
                    sum[c] += from[at as usize][c];
                }
            }
            canvas.pixels[(y * width + x) as usize] = sum.map(|s| s / offsets.len() as f32);
        }
    }
}

/// Sensor noise with the standard deviation `sigma` in code values, mostly in brightness; highlights are clipped as in
/// a sensor.
pub(crate) fn noise(canvas: &mut Canvas, sigma: f32, seed: u32) {
    if sigma <= 0.0 {
        return;
    }
    canvas.map_pixels(|x, y, pixel| {
        let (x, y) = (x as i32, y as i32);
        let grey = grain::normal(x, y, seed ^ 0x51);
        std::array::from_fn(|c| {
            let tint = grain::normal(x, y, seed ^ (0x60 + c as u32));
            let clipped = pixel[c] + 3.0 * sigma * ((pixel[c] - 245.0) / 10.0).clamp(0.0, 1.0);
            (clipped + sigma * (0.85 * grey + 0.5 * tint)).clamp(0.0, 255.0)
        })
    });
}

/// Replaces each square of `side` pixels by its mean.
pub(crate) fn pixelate(canvas: &mut Canvas, side: u32) {
    let (side, width, height) = (side as usize, canvas.width, canvas.height);
    if side < 2 {
        return;
    }
    for top in (0..height).step_by(side) {
        for left in (0..width).step_by(side) {
            let (bottom, right) = ((top + side).min(height), (left + side).min(width));
            let mut sum = [0.0f32; 3];
            for y in top..bottom {
                for pixel in &canvas.pixels[y * width + left..y * width + right] {
                    for c in 0..3 {
                        sum[c] += pixel[c];
                    }
                }
            }
            let mean = sum.map(|s| s / ((bottom - top) * (right - left)) as f32);
            for y in top..bottom {
                canvas.pixels[y * width + left..y * width + right].fill(mean);
            }
        }
    }
}
