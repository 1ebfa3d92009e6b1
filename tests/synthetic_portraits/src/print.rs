//! Changes after the photo was taken: a frame, a date stamp, loss of colour.

use crate::canvas::Canvas;
use crate::colour::Rgb;

/// Glyphs of seven rows with five bits each, the most significant bit on the left.
const DIGITS: [[u8; 7]; 10] = [
    [0x0E, 0x11, 0x13, 0x15, 0x19, 0x11, 0x0E],
    [0x04, 0x0C, 0x04, 0x04, 0x04, 0x04, 0x0E],
    [0x0E, 0x11, 0x01, 0x06, 0x08, 0x10, 0x1F],
    [0x0E, 0x11, 0x01, 0x06, 0x01, 0x11, 0x0E],
    [0x02, 0x06, 0x0A, 0x12, 0x1F, 0x02, 0x02],
    [0x1F, 0x10, 0x1E, 0x01, 0x01, 0x11, 0x0E],
    [0x06, 0x08, 0x10, 0x1E, 0x11, 0x11, 0x0E],
    [0x1F, 0x01, 0x02, 0x04, 0x08, 0x08, 0x08],
    [0x0E, 0x11, 0x11, 0x0E, 0x11, 0x11, 0x0E],
    [0x0E, 0x11, 0x11, 0x0F, 0x01, 0x02, 0x0C],
];
const HYPHEN: [u8; 7] = [0, 0, 0, 0x0E, 0, 0, 0];

pub(crate) fn border(canvas: &mut Canvas, thickness: u32, colour: Rgb) {
    let (t, width, height) = (thickness as f32, canvas.width as f32, canvas.height as f32);
    canvas.map_pixels(|x, y, pixel| if x < t || y < t || x > width - t || y > height - t { colour } else { pixel });
}

/// Prints digits and hyphens with the top left corner at `at`; other characters become gaps. `dot` is the side of a dot
/// in pixels. Returns the box in pixels.
pub(crate) fn stamp(canvas: &mut Canvas, text: &str, at: [f32; 2], dot: usize) -> [usize; 4] {
    const AMBER: Rgb = [226.0, 88.0, 24.0];
    let (left, top) = (at[0].max(0.0) as usize, at[1].max(0.0) as usize);
    for (place, letter) in text.chars().enumerate() {
        let rows = match letter.to_digit(10) {
            Some(digit) => DIGITS[digit as usize],
            None if letter == '-' => HYPHEN,
            None => continue,
        };
        for (y, x) in (0..7 * dot).flat_map(|y| (0..5 * dot).map(move |x| (y, x))) {
            let (px, py) = (left + place * 6 * dot + x, top + y);
            if rows[y / dot] >> (4 - x / dot) & 1 == 1 && px < canvas.width && py < canvas.height {
                canvas.pixels[py * canvas.width + px] = AMBER;
            }
        }
    }
    [left, top, left + text.chars().count() * 6 * dot, top + 7 * dot]
}

pub(crate) fn grey(canvas: &mut Canvas) {
    canvas.map_pixels(|_, _, [r, g, b]| [0.299 * r + 0.587 * g + 0.114 * b; 3]);
}
