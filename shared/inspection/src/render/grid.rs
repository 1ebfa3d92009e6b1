//! Values for square cells of a picture, and the interpolation between the centres of the cells.

use std::ops::Range;

use crate::box_filter::box_filter;

/// `N` numbers for each cell of `CELL` x `CELL` pixels.
pub struct Grid<const CELL: usize, const N: usize> {
    width: usize,
    height: usize,
    /// Row by row.
    pub values: Vec<[f32; N]>,
}

impl<const CELL: usize, const N: usize> Grid<CELL, N> {
    /// The mean of `value` over the pixels of each cell.
    pub fn means(width: usize, height: usize, value: impl Fn(usize) -> [f32; N]) -> Self {
        let (columns, rows) = (width.div_ceil(CELL), height.div_ceil(CELL));
        let mut values = vec![[0.0; N]; columns * rows];
        for (row, line) in values.chunks_exact_mut(columns).enumerate() {
            let ys = row * CELL..((row + 1) * CELL).min(height);
            let (whole, rest) = line.split_at_mut(width / CELL);
            let fill = |cells: &mut [[f32; N]], first: usize, count: usize| {
                let share = 1.0 / (ys.len() * count) as f32;
                for (column, sum) in cells.iter_mut().enumerate() {
                    for y in ys.clone() {
                        let at = y * width + first + column * CELL;
                        (at..at + count).for_each(|at| add(sum, value(at)));
                    }
                    *sum = sum.map(|sum| sum * share);
                }
            };
            fill(whole, 0, CELL);
            fill(rest, width / CELL * CELL, width % CELL);
        }
        Self { width: columns, height: rows, values }
    }

    /// Means over squares of `2 radius + 1` cells.
    pub fn blurred(self, radius: usize) -> Self {
        Self { values: box_filter(&self.values, self.width, self.height, radius), ..self }
    }

    /// Applies a function to each cell.
    pub fn map<const M: usize>(&self, of: impl Fn([f32; N]) -> [f32; M]) -> Grid<CELL, M> {
        Grid { width: self.width, height: self.height, values: self.values.iter().map(|&value| of(value)).collect() }
    }

    /// The values at a pixel, interpolated between the centres of the cells around it.
    pub fn at(&self, x: usize, y: usize) -> [f32; N] {
        let (column, row) = (Between::of(x, CELL, self.width), Between::of(y, CELL, self.height));
        let line = |row: usize| column.mix(&self.values[row * self.width..][..self.width]);
        mix(line(row.low), line(row.high), row.share)
    }

    /// For each row of cells: the rows of pixels from its centre to that of the next row, and the indices of the cells
    /// above and below these pixels.
    pub fn rows(&self, height: usize) -> impl Iterator<Item = (Range<usize>, [Range<usize>; 2])> {
        let [columns, rows] = [self.width, self.height];
        (0..rows).map(move |row| {
            let cells = [row, (row + 1).min(rows - 1)].map(|row| row * columns..(row + 1) * columns);
            (pixels::<CELL>(row..row + 1, rows, height), cells)
        })
    }

    /// The columns of pixels from the centre of each of these columns of cells to the centre of the next.
    pub fn columns(&self, cells: Range<usize>, width: usize) -> Range<usize> {
        pixels::<CELL>(cells, self.width, width)
    }
}

/// The pixels from the centre of each of these cells to the centre of the next; at the ends of a line up to the edge.
fn pixels<const CELL: usize>(part: Range<usize>, cells: usize, length: usize) -> Range<usize> {
    let middle = |cell: usize| (cell * CELL + CELL / 2).min(length);
    let start = if part.start == 0 { 0 } else { middle(part.start) };
    start..if part.end == cells { length } else { middle(part.end) }
}

/// The two cells between whose centres a pixel is, and the fractional distance to the second.
#[derive(Clone, Copy)]
struct Between {
    low: usize,
    high: usize,
    share: f32,
}

impl Between {
    fn of(pixel: usize, cell: usize, cells: usize) -> Self {
        let at = ((pixel as f32 + 0.5) / cell as f32 - 0.5).clamp(0.0, (cells - 1) as f32);
        let low = at as usize;
        Self { low, high: (low + 1).min(cells - 1), share: at - low as f32 }
    }

    #[inline]
    fn mix<const N: usize>(self, line: &[[f32; N]]) -> [f32; N] {
        mix(line[self.low], line[self.high], self.share)
    }
}

#[inline]
fn mix<const N: usize>(a: [f32; N], b: [f32; N], share: f32) -> [f32; N] {
    std::array::from_fn(|at| a[at] + (b[at] - a[at]) * share)
}

#[inline]
fn add<const N: usize>(sum: &mut [f32; N], value: [f32; N]) {
    sum.iter_mut().zip(value).for_each(|(sum, value)| *sum += value);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn at_reproduces_a_linear_function() {
        let (width, height) = (23, 18);
        let slope = |at: usize| [(at % width) as f32 * 2.0, (at / width) as f32 * 3.0, 5.0];
        let grid = Grid::<4, 3>::means(width, height, slope);
        assert_eq!((grid.width, grid.height), (6, 5));
        for (x, y) in [(2, 2), (10, 9), (17, 13)] {
            let [across, down, same] = grid.at(x, y);
            assert!((across - 2.0 * x as f32).abs() < 1e-3 && (down - 3.0 * y as f32).abs() < 1e-3);
            assert_eq!(same, 5.0);
        }
    }

    #[test]
    fn rows_and_columns_cover_every_pixel_once_with_its_surrounding_cells() {
        for (width, height) in [(23, 18), (24, 3), (2, 2), (1, 5), (25, 4)] {
            let grid = Grid::<2, 1>::means(width, height, |at| [at as f32]);
            let mut known = vec![0; width * height];
            for (ys, cells) in grid.rows(height) {
                for column in 0..grid.width {
                    let next = (column + 1).min(grid.width - 1);
                    let around =
                        cells.clone().map(|row| [column, next].map(|column| grid.values[row.start + column][0]));
                    let xs = grid.columns(column..column + 1, width);
                    for (x, y) in ys.clone().flat_map(|y| xs.clone().map(move |x| (x, y))) {
                        known[y * width + x] += 1;
                        let value = grid.at(x, y)[0];
                        assert!(around[0][0] <= value && value <= around[1][1], "{x} {y}: {value} {around:?}");
                    }
                }
            }
            assert_eq!(known, vec![1; width * height]);
            assert_eq!(grid.columns(0..grid.width, width), 0..width);
        }
    }

    #[test]
    fn a_cell_at_the_edge_is_the_mean_of_its_existing_pixels() {
        let grid = Grid::<4, 1>::means(5, 3, |at| [(at % 5) as f32]);
        assert_eq!(grid.values, [[1.5], [4.0]]);
    }
}
