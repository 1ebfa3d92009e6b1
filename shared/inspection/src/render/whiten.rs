//! Turns a nearly white background into white without a halo: soft hair edges, and the old background's colour
//! taken out of the pixels that hold a share of it.

use super::grid::Grid;
use crate::image::Rgb8;

/// Everything is worked out on cells of so many pixels, and only what lies along the person's outline is looked at pixel by pixel.
const CELL: usize = 2;
/// Window and regularisation of the guided filter (He, Sun, Tang 2013; on cells: He and Sun, 2015) that follows hair in the luma.
const RADIUS: usize = 6 / CELL;
const EPSILON: f32 = 1e-4;
/// Person shares below and above these are taken as none and all.
const NONE: f32 = 0.08;
const ALL: f32 = 0.92;

/// `person` is the coarse mask of the same size, 0 to 1.
pub fn whiten(picture: &mut Rgb8, person: &[f32]) {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let pixels = picture.pixels.as_chunks_mut::<3>().0;
    let cells = Grid::means(width, height, |at| {
        let [r, g, b] = pixels[at].map(f32::from);
        [r, g, b, person[at]]
    });
    let (lines, wall) = (lines(&cells), wall(&cells));
    let clear: Vec<Clear> = lines.values.iter().map(|&line| clear(line)).collect();
    let mut around: Vec<Clear> = Vec::new();
    for (ys, [upper, lower]) in lines.rows(height) {
        around.clear();
        around.extend(clear[upper].iter().zip(&clear[lower]).map(|(above, below)| above & below));
        for column in 1..around.len() {
            around[column - 1] &= around[column];
        }
        let mut column = 0;
        for run in around.chunk_by(PartialEq::eq) {
            let xs = lines.columns(column..column + run.len(), width);
            column += run.len();
            for y in ys.clone() {
                let row = &mut pixels[y * width..(y + 1) * width];
                match run[0] {
                    PERSON => {}
                    WALL => row[xs.clone()].fill([255; 3]),
                    _ => xs.clone().for_each(|x| row[x] = cleared(row[x], lines.at(x, y), || wall.at(x, y))),
                }
            }
        }
    }
}

/// Slope and offset: the person's share as a line through the luma, good around one cell.
type Line = [f32; 2];

/// What every pixel of a cell is, however light or dark, as bits: those of neighbours are what they agree on.
type Clear = u8;
const WALL: Clear = 1;
const PERSON: Clear = 2;

/// The ends of the line are what the darkest and the lightest pixel would be.
fn clear([slope, offset]: Line) -> Clear {
    let (dark, light) = (offset, offset + slope);
    if dark <= NONE && light <= NONE {
        WALL
    } else if dark >= ALL && light >= ALL {
        PERSON
    } else {
        0
    }
}

/// A pixel with white behind the person in place of the wall.
fn cleared(pixel: [u8; 3], [slope, offset]: Line, wall: impl FnOnce() -> [f32; 3]) -> [u8; 3] {
    let person = (slope * guide(pixel.map(f32::from)) + offset - NONE) * (1.0 / (ALL - NONE));
    if person <= 0.0 {
        return [255; 3];
    }
    if person >= 1.0 {
        return pixel;
    }
    // The pixel is `person * P + (1 - person) * wall`; exchanging the wall for white keeps P untouched.
    let wall = wall();
    std::array::from_fn(|channel| {
        let lifted = f32::from(pixel[channel]) + (1.0 - person) * (255.0 - wall[channel]);
        (lifted + 0.5).clamp(0.0, 255.0) as u8
    })
}

/// What the mask follows.
fn guide([r, g, b]: [f32; 3]) -> f32 {
    (0.299 * r + 0.587 * g + 0.114 * b) * (1.0 / 255.0)
}

/// The mask, sharpened to follow the edges of the picture.
fn lines(cells: &Grid<CELL, 4>) -> Grid<CELL, 2> {
    let moments = cells.map(|[r, g, b, mask]| {
        let guide = guide([r, g, b]);
        [guide, mask, guide * guide, guide * mask]
    });
    let lines = moments.blurred(RADIUS).map(|[guide, mask, square, both]| {
        let slope = (both - guide * mask) / (square - guide * guide + EPSILON);
        [slope, mask - slope * guide]
    });
    lines.blurred(RADIUS)
}

/// The colour of the background around each cell: the mean of the background nearby, or of all of it.
fn wall(cells: &Grid<CELL, 4>) -> Grid<CELL, 3> {
    const REACH: usize = 24 / CELL;
    const ENOUGH: f32 = 0.01;
    let walls = cells.map(|[r, g, b, mask]| if mask < NONE { [r, g, b, 1.0] } else { [0.0; 4] });
    let total = walls.values.iter().fold([0.0; 4], |sum, wall| std::array::from_fn(|at| sum[at] + wall[at]));
    let colour = |[r, g, b, count]: [f32; 4]| [r, g, b].map(|sum| sum / count);
    let overall = if total[3] > 0.0 { colour(total) } else { [255.0; 3] };
    walls.blurred(REACH).map(|means| if means[3] > ENOUGH { colour(means) } else { overall })
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
