//! Turns a nearly white background into white without a halo: soft hair edges, and the old background's colour
//! taken out of the pixels that hold a share of it.

use super::grid::Grid;
use crate::image::Rgb8;
use crate::measure::colour::luma;

/// Window and regularisation of the guided filter (He, Sun, Tang 2013) that follows hair in the luma. Its lines are
/// worked out on a grid of cells (He and Sun, 2015) and drawn through every pixel.
const CELL: usize = 2;
const RADIUS: usize = 6 / CELL;
const EPSILON: f32 = 1e-4;
/// Person shares below and above these are taken as none and all.
const NONE: f32 = 0.08;
const ALL: f32 = 0.92;

/// `person` is the coarse mask of the same size, 0 to 1.
pub fn whiten(picture: &mut Rgb8, person: &[f32]) {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let guide: Vec<f32> = picture.pixels.chunks_exact(3).map(|p| luma([p[0], p[1], p[2]]) / 255.0).collect();
    let share = guided(&guide, person, width, height);
    let wall = Wall::measure(picture, person);
    for (at, (pixel, share)) in picture.pixels.as_chunks_mut::<3>().0.iter_mut().zip(share).enumerate() {
        let person = ((share - NONE) / (ALL - NONE)).clamp(0.0, 1.0);
        if person <= 0.0 {
            *pixel = [255; 3];
        } else if person < 1.0 {
            // The pixel is `person * P + (1 - person) * wall`; exchanging the wall for white keeps P untouched.
            let wall = wall.at(at);
            *pixel = std::array::from_fn(|channel| {
                let lifted = f32::from(pixel[channel]) + (1.0 - person) * (255.0 - wall[channel]);
                (lifted + 0.5).clamp(0.0, 255.0) as u8
            });
        }
    }
}

/// The colour of the background around each pixel: the mean of the background pixels nearby, or of all of them.
struct Wall {
    width: usize,
    cells: Grid<{ Self::CELL }, 3>,
}

impl Wall {
    /// Walls change slowly: pixels are counted by the cell.
    const CELL: usize = 4;
    const REACH: usize = 24 / Self::CELL;
    const ENOUGH: f32 = 0.01;

    fn measure(picture: &Rgb8, person: &[f32]) -> Self {
        let width = picture.width as usize;
        let colours = picture.pixels.as_chunks::<3>().0;
        let sums = Grid::<{ Self::CELL }, 4>::means(width, picture.height as usize, |at| {
            let [r, g, b] = colours[at].map(f32::from);
            if person[at] < NONE { [1.0, r, g, b] } else { [0.0; 4] }
        });
        let total = sums.values.iter().fold([0.0; 4], |sum, value| std::array::from_fn(|at| sum[at] + value[at]));
        let colour = |[near, r, g, b]: [f32; 4]| [r, g, b].map(|mean| mean / near);
        let overall = if total[0] > 0.0 { colour(total) } else { [255.0; 3] };
        let nearby = |means: [f32; 4]| if means[0] > Self::ENOUGH { colour(means) } else { overall };
        Self { width, cells: sums.blurred(Self::REACH).map(nearby) }
    }

    fn at(&self, at: usize) -> [f32; 3] {
        self.cells.at(at % self.width, at / self.width)
    }
}

/// The mask, sharpened to follow the edges of the guide.
pub fn guided(guide: &[f32], mask: &[f32], width: usize, height: usize) -> Vec<f32> {
    let moments = Grid::<CELL, 4>::means(width, height, |at| {
        let (guide, mask) = (guide[at], mask[at]);
        [guide, mask, guide * guide, guide * mask]
    });
    let lines = moments.blurred(RADIUS).map(|[guide, mask, square, both]| {
        let slope = (both - guide * mask) / (square - guide * guide + EPSILON);
        [slope, mask - slope * guide]
    });
    let lines = lines.blurred(RADIUS);
    let rows = guide.chunks_exact(width).zip(lines.rows(width, height));
    let follow = |(guide, [slope, offset]): (&f32, [f32; 2])| (slope * guide + offset).clamp(0.0, 1.0);
    let mut out = Vec::with_capacity(guide.len());
    rows.for_each(|(guide, lines)| out.extend(guide.iter().zip(lines).map(follow)));
    out
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
