//! Draws the measured lines on the upload.

use image::{ImageFormat, Rgb, RgbImage};
use inspection::codec::{self, Limits};
use rules::report::Report;

const GREEN: Rgb<u8> = Rgb([0, 170, 80]);
const BLUE: Rgb<u8> = Rgb([0, 110, 230]);
const ORANGE: Rgb<u8> = Rgb([240, 130, 0]);

/// The picture with the lines as PNG; `None` for a file that cannot be decoded.
pub fn png(bytes: &[u8], report: &Report) -> Option<Vec<u8>> {
    let decoded = codec::decode(bytes, &Limits::default(), Some(1_400)).ok()?;
    let (width, height) = (decoded.image.width, decoded.image.height);
    let mut canvas = Canvas { picture: RgbImage::from_raw(width, height, decoded.image.pixels)? };
    if let Some(overlay) = &report.overlay {
        let [x, y, w, h] = overlay.face;
        canvas.polygon(&[[x, y], [x + w, y], [x + w, y + h], [x, y + h]], BLUE);
        canvas.line(overlay.right_eye, overlay.left_eye, GREEN);
        canvas.line(overlay.right_cheek, overlay.left_cheek, GREEN);
        canvas.line(overlay.crown, overlay.chin, GREEN);
        for point in [overlay.crown, overlay.chin, overlay.right_eye, overlay.left_eye] {
            canvas.cross(point, ORANGE);
        }
        if let Some(crop) = &overlay.crop {
            canvas.polygon(crop, ORANGE);
        }
    }
    let mut png = std::io::Cursor::new(Vec::new());
    canvas.picture.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

struct Canvas {
    picture: RgbImage,
}

impl Canvas {
    fn thickness(&self) -> i64 {
        i64::from(self.picture.width().max(self.picture.height())).div_euclid(500).max(1)
    }

    /// Draws a line. Points are shares of the picture's sides.
    fn line(&mut self, a: [f64; 2], b: [f64; 2], colour: Rgb<u8>) {
        let (width, height) = (f64::from(self.picture.width()), f64::from(self.picture.height()));
        let (dx, dy) = ((b[0] - a[0]) * width, (b[1] - a[1]) * height);
        let steps = dx.abs().max(dy.abs()).ceil().max(1.0);
        for step in 0..=steps as u32 {
            let share = f64::from(step) / steps;
            self.dot(a[0] * width + dx * share, a[1] * height + dy * share, colour);
        }
    }

    fn dot(&mut self, x: f64, y: f64, colour: Rgb<u8>) {
        let half = self.thickness();
        for dy in -half / 2..=half / 2 {
            for dx in -half / 2..=half / 2 {
                let (px, py) = (x as i64 + dx, y as i64 + dy);
                if (0..i64::from(self.picture.width())).contains(&px)
                    && (0..i64::from(self.picture.height())).contains(&py)
                {
                    self.picture.put_pixel(px as u32, py as u32, colour);
                }
            }
        }
    }

    fn polygon(&mut self, points: &[[f64; 2]], colour: Rgb<u8>) {
        for (a, b) in points.iter().zip(points.iter().cycle().skip(1)) {
            self.line(*a, *b, colour);
        }
    }

    fn cross(&mut self, [x, y]: [f64; 2], colour: Rgb<u8>) {
        let (dx, dy) = (0.012, 0.012 * f64::from(self.picture.width()) / f64::from(self.picture.height()));
        self.line([x - dx, y], [x + dx, y], colour);
        self.line([x, y - dy], [x, y + dy], colour);
    }
}
