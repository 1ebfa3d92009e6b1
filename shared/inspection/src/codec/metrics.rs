//! Measurements of the block borders that JPEG compression leaves in pixels.

use crate::image::Rgb8;

/// Borders of compressed blocks: columns `x + n * step` and rows `y + n * step` start a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockGrid {
    /// Side of a block in pixels.
    pub step: u32,
    /// Column of the first block border.
    pub x: u32,
    /// Row of the first block border.
    pub y: u32,
}

/// A rectangle in picture pixels; the part outside the picture is ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    /// Left edge.
    pub x: u32,
    /// Top edge.
    pub y: u32,
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
}

impl Region {
    /// The whole picture.
    pub fn whole(image: &Rgb8) -> Self {
        Self { x: 0, y: 0, width: image.width, height: image.height }
    }
}

/// Mean luma step between neighbouring pixels, for each phase of a grid of `step` pixels.
/// `across[p]` is the mean of the steps from column `c - 1` to `c` with `c % step == p`; `down` likewise for rows.
struct Steps {
    across: Vec<f32>,
    down: Vec<f32>,
}

/// Added to both means, so that a flat region (every step zero) has the neutral ratio 1.
const FLOOR: f32 = 0.02;

/// Mean luma step across block borders divided by the mean step inside blocks: 1 for a picture without visible blocks,
/// at least 1.3 when blocks are visible.
pub fn blockiness(image: &Rgb8, region: Region, grid: BlockGrid) -> f32 {
    let steps = Steps::measure(image, region, grid.step);
    let ratio = |means: &[f32], border: u32| {
        let border = (border % grid.step) as usize;
        let inside = means.iter().enumerate().filter(|(phase, _)| *phase != border).map(|(_, mean)| mean);
        (means[border] + FLOOR) / (inside.sum::<f32>() / (grid.step - 1) as f32 + FLOOR)
    };
    (ratio(&steps.across, grid.x) + ratio(&steps.down, grid.y)) / 2.0
}

/// Indication of an earlier compression with another crop: the strongest block grid that is not the file's own, as the
/// ratio of its steps to those of the median phase. About 1 without such a grid. Works only if the later compression is
/// the finer one.
pub fn foreign_grid(image: &Rgb8, region: Region, own: BlockGrid) -> f32 {
    let steps = Steps::measure(image, region, own.step);
    let strongest = |means: &[f32], border: u32| {
        let border = (border % own.step) as usize;
        let mut others: Vec<f32> =
            means.iter().enumerate().filter(|(phase, _)| *phase != border).map(|(_, &mean)| mean).collect();
        others.sort_by(f32::total_cmp);
        (others[others.len() - 1] + FLOOR) / (others[others.len() / 2] + FLOOR)
    };
    // A real grid has borders in both directions; texture rarely has.
    strongest(&steps.across, own.x).min(strongest(&steps.down, own.y))
}

impl Steps {
    fn measure(image: &Rgb8, region: Region, step: u32) -> Self {
        let step = step as usize;
        let (left, top) = (region.x.min(image.width) as usize, region.y.min(image.height) as usize);
        let right = region.x.saturating_add(region.width).min(image.width) as usize;
        let bottom = region.y.saturating_add(region.height).min(image.height) as usize;
        let (mut across, mut down) = (vec![(0u64, 0u64); step], vec![(0u64, 0u64); step]);
        let mut above: Option<Vec<i16>> = None;
        for y in top..bottom {
            let row = luma_row(image, y, left, right);
            for (x, pair) in row.windows(2).enumerate() {
                add(&mut across[(left + x + 1) % step], pair[0], pair[1]);
            }
            if let Some(above) = above {
                for (before, after) in above.iter().zip(&row) {
                    add(&mut down[y % step], *before, *after);
                }
            }
            above = Some(row);
        }
        let means =
            |sums: Vec<(u64, u64)>| sums.into_iter().map(|(sum, count)| sum as f32 / count.max(1) as f32).collect();
        Self { across: means(across), down: means(down) }
    }
}

fn add(slot: &mut (u64, u64), before: i16, after: i16) {
    slot.0 += u64::from(before.abs_diff(after));
    slot.1 += 1;
}

fn luma_row(image: &Rgb8, y: usize, left: usize, right: usize) -> Vec<i16> {
    let row = &image.pixels[(y * image.width as usize + left) * 3..(y * image.width as usize + right) * 3];
    row.chunks_exact(3)
        .map(|p| ((u32::from(p[0]) * 77 + u32::from(p[1]) * 150 + u32::from(p[2]) * 29) >> 8) as i16)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Blocks of 8 pixels with a visible step between neighbours, starting at (`x`, `y`).
    fn blocks(x0: u32, y0: u32) -> Rgb8 {
        let mut image = Rgb8::filled(160, 120, [0; 3]);
        for y in 0..image.height {
            for x in 0..image.width {
                let checker = ((x + 8 - x0) / 8 + (y + 8 - y0) / 8) % 2;
                let level = (120 + checker * 12 + (x * 7 + y * 3) % 3) as u8;
                image.set_pixel(x, y, [level; 3]);
            }
        }
        image
    }

    const OWN: BlockGrid = BlockGrid { step: 8, x: 0, y: 0 };

    #[test]
    fn blockiness_is_high_for_visible_blocks_and_1_for_flat_pictures() {
        let image = blocks(0, 0);
        assert!(blockiness(&image, Region::whole(&image), OWN) > 1.6);
        let flat = Rgb8::filled(64, 64, [200; 3]);
        assert_eq!(blockiness(&flat, Region::whole(&flat), OWN), 1.0);
        let nothing = Region { x: 500, y: 500, width: 10, height: 10 };
        assert_eq!(blockiness(&flat, nothing, OWN), 1.0);
    }

    #[test]
    fn foreign_grid_finds_a_grid_that_is_not_the_files_own() {
        let (aligned, shifted) = (blocks(0, 0), blocks(3, 5));
        assert!(foreign_grid(&aligned, Region::whole(&aligned), OWN) < 1.2);
        assert!(foreign_grid(&shifted, Region::whole(&shifted), OWN) > 3.0);
        let found =
            blockiness(&shifted, Region { x: 20, y: 20, width: 90, height: 80 }, BlockGrid { x: 3, y: 5, ..OWN });
        assert!(found > 1.6);
    }
}
