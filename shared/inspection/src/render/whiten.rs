//! Whitens a nearly white background without a halo: hair keeps soft edges, and the colour of the old background is
//! removed from the pixels that contain a share of it.

use super::grid::Grid;
use crate::image::Rgb8;

/// Side of a cell in pixels. The computation is done per cell; only cells at the person's outline are processed per
/// pixel.
const CELL: usize = 2;
/// Window radius, in cells, of the guided filter (He, Sun, Tang 2013; on cells: He and Sun 2015), which follows hair in
/// the luma.
const RADIUS: usize = 6 / CELL;
/// Regularisation of the guided filter.
const EPSILON: f32 = 1e-4;
/// Person shares below this count as 0.
const NONE: f32 = 0.08;
/// Person shares above this count as 1.
const ALL: f32 = 0.92;

/// Replaces the background by white. `person` is the coarse mask of the same size, 0 background to 1 person.
pub fn whiten(picture: &mut Rgb8, person: &[f32]) {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let pixels = picture.pixels.as_chunks_mut::<3>().0;
    let cells = Grid::means(width, height, |at| {
        let [r, g, b] = pixels[at].map(f32::from);
        [r, g, b, person[at]]
    });
    let (lines, background) = (lines(&cells), background(&cells));
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
                    BACKGROUND => row[xs.clone()].fill([255; 3]),
                    _ => xs.clone().for_each(|x| row[x] = cleared(row[x], lines.at(x, y), || background.at(x, y))),
                }
            }
        }
    }
}

/// Slope and offset: the person share as a linear function of the luma, valid around one cell.
type Line = [f32; 2];

/// Bits that say what every pixel of a cell is, independent of its luma. The bitwise AND of neighbouring cells is what
/// they have in common.
type Clear = u8;
const BACKGROUND: Clear = 1;
const PERSON: Clear = 2;

/// Evaluates the linear function for the darkest and the lightest luma.
fn clear([slope, offset]: Line) -> Clear {
    let (dark, light) = (offset, offset + slope);
    if dark <= NONE && light <= NONE {
        BACKGROUND
    } else if dark >= ALL && light >= ALL {
        PERSON
    } else {
        0
    }
}

/// A pixel with the background replaced by white.
fn cleared(pixel: [u8; 3], [slope, offset]: Line, background: impl FnOnce() -> [f32; 3]) -> [u8; 3] {
    let person = (slope * guide(pixel.map(f32::from)) + offset - NONE) * (1.0 / (ALL - NONE));
    if person <= 0.0 {
        return [255; 3];
    }
    if person >= 1.0 {
        return pixel;
    }
    // The pixel is `person * P + (1 - person) * background`. Replacing the background by white keeps P.
    let background = background();
    std::array::from_fn(|channel| {
        let lifted = f32::from(pixel[channel]) + (1.0 - person) * (255.0 - background[channel]);
        (lifted + 0.5).clamp(0.0, 255.0) as u8
    })
}

/// The guide of the guided filter: luma, 0 to 1.
fn guide([r, g, b]: [f32; 3]) -> f32 {
    (0.299 * r + 0.587 * g + 0.114 * b) * (1.0 / 255.0)
}

/// The mask as linear functions of the luma, so that it follows the edges of the picture (guided filter).
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

/// The colour of the background around each cell: the mean of the background nearby, or of the whole background if none
/// is near.
fn background(cells: &Grid<CELL, 4>) -> Grid<CELL, 3> {
    const REACH: usize = 24 / CELL;
    const ENOUGH: f32 = 0.01;
    let known = cells.map(|[r, g, b, mask]| if mask < NONE { [r, g, b, 1.0] } else { [0.0; 4] });
    let total = known.values.iter().fold([0.0; 4], |sum, value| std::array::from_fn(|at| sum[at] + value[at]));
    let colour = |[r, g, b, count]: [f32; 4]| [r, g, b].map(|sum| sum / count);
    let overall = if total[3] > 0.0 { colour(total) } else { [255.0; 3] };
    known.blurred(REACH).map(|means| if means[3] > ENOUGH { colour(means) } else { overall })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whiten_turns_a_grey_background_white_and_keeps_the_person() {
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
