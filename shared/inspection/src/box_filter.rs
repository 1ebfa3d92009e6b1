//! Box filter: means over square windows.

/// Mean over a square of side `2 radius + 1` around each value, clipped at the border. Running sums make the time
/// independent of the radius. Each value consists of `N` numbers that are filtered together.
pub fn box_filter<const N: usize>(values: &[[f32; N]], width: usize, height: usize, radius: usize) -> Vec<[f32; N]> {
    let side = 2 * radius + 1;
    // Means along the rows in the window; beyond the border they are zero.
    let mut rows = vec![[0.0; N]; side * width];
    let (mut entering, mut sums) = (vec![[0.0; N]; width], vec![[0.0; N]; width]);
    let mut out = vec![[0.0; N]; values.len()];
    for below in 0..height + radius {
        match values.get(below * width..(below + 1) * width) {
            Some(row) => along(row, &mut entering, radius),
            None => entering.fill([0.0; N]),
        }
        // The new row replaces the row that leaves the window.
        let row = &mut rows[below % side * width..][..width];
        let sums = sums.as_flattened_mut();
        for ((sum, entering), row) in sums.iter_mut().zip(entering.as_flattened()).zip(row.as_flattened_mut()) {
            *sum += entering - *row;
            *row = *entering;
        }
        if let Some(middle) = below.checked_sub(radius) {
            let count = (below + 1).min(height) - middle.saturating_sub(radius);
            let share = 1.0 / count as f32;
            let means = out[middle * width..][..width].as_flattened_mut();
            means.iter_mut().zip(sums).for_each(|(mean, sum)| *mean = *sum * share);
        }
    }
    out
}

/// Means along one row.
fn along<const N: usize>(row: &[[f32; N]], out: &mut [[f32; N]], radius: usize) {
    let (length, side) = (row.len(), 2 * radius + 1);
    let mut sum = [0.0; N];
    row[..radius.min(length)].iter().for_each(|value| add(&mut sum, value, 1.0));
    // Where the window is inside the row, all windows have the same size.
    let start = (radius + 1).min(length);
    let end = length.saturating_sub(radius).max(start);
    let clipped = |sum: &mut [f32; N], x: usize| {
        if let Some(value) = row.get(x + radius) {
            add(sum, value, 1.0);
        }
        if x > radius {
            add(sum, &row[x - radius - 1], -1.0);
        }
        let count = (x + radius + 1).min(length) - x.saturating_sub(radius);
        sum.map(|sum| sum / count as f32)
    };
    (0..start).for_each(|x| out[x] = clipped(&mut sum, x));
    let share = 1.0 / side as f32;
    let moves = row.iter().skip(side).zip(row);
    for (mean, (entering, leaving)) in out[start..end].iter_mut().zip(moves) {
        sum = std::array::from_fn(|at| sum[at] + (entering[at] - leaving[at]));
        *mean = sum.map(|sum| sum * share);
    }
    (end..length).for_each(|x| out[x] = clipped(&mut sum, x));
}

#[inline]
fn add<const N: usize>(sum: &mut [f32; N], value: &[f32; N], sign: f32) {
    for (sum, value) in sum.iter_mut().zip(value) {
        *sum += sign * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn box_filter_of_a_constant_is_the_constant() {
        assert!(
            box_filter(&[[3.0, 5.0]; 35], 7, 5, 2)
                .iter()
                .all(|[a, b]| (a - 3.0).abs() < 1e-5 && (b - 5.0).abs() < 1e-5)
        );
        assert!(box_filter(&[[3.0]; 4], 2, 2, 6).iter().all(|[value]| (value - 3.0).abs() < 1e-5));
    }

    #[test]
    fn box_filter_gives_the_mean_of_the_square_around_each_value() {
        for (width, height, radius) in [(9, 6, 2), (5, 4, 2), (4, 5, 2), (3, 9, 4), (1, 1, 0), (12, 3, 1)] {
            assert_means(width, height, radius);
        }
    }

    fn assert_means(width: usize, height: usize, radius: usize) {
        let values: Vec<[f32; 1]> = (0..width * height).map(|at| [((at * 37) % 11) as f32]).collect();
        let means = box_filter(&values, width, height, radius);
        for (at, mean) in means.iter().enumerate() {
            let (x, y) = (at % width, at / width);
            let rows = y.saturating_sub(radius)..(y + radius + 1).min(height);
            let square: Vec<f32> = rows
                .flat_map(|row| {
                    (x.saturating_sub(radius)..(x + radius + 1).min(width)).map(move |column| (column, row))
                })
                .map(|(column, row)| values[row * width + column][0])
                .collect();
            let expected = square.iter().sum::<f32>() / square.len() as f32;
            assert!((mean[0] - expected).abs() < 1e-4, "{x} {y}: {} {expected}", mean[0]);
        }
    }
}
