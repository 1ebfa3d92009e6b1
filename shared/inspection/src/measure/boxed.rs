//! Means over square windows.

/// Mean over a square of side `2 radius + 1` around each value, clipped at the border. Running sums: the radius costs
/// nothing. Several measures of one place travel together, `N` to a value.
pub fn boxed<const N: usize>(values: &[[f32; N]], width: usize, height: usize, radius: usize) -> Vec<[f32; N]> {
    // Of the means along rows only those under the window are kept.
    let kept = (2 * radius + 2).min(height.max(1));
    let mut rows = vec![[0.0; N]; kept * width];
    let place = |y: usize| y % kept * width..(y % kept + 1) * width;
    let mut out = Vec::with_capacity(values.len());
    let mut sums = vec![[0.0f32; N]; width];
    let mut count = 0.0;
    for below in 0..height + radius {
        if below > 2 * radius {
            sums.iter_mut().zip(&rows[place(below - 2 * radius - 1)]).for_each(|(sum, value)| add(sum, value, -1.0));
            count -= 1.0;
        }
        if below < height {
            let row = &mut rows[place(below)];
            along(&values[below * width..(below + 1) * width], row, radius);
            sums.iter_mut().zip(row).for_each(|(sum, value)| add(sum, value, 1.0));
            count += 1.0;
        }
        if below >= radius {
            let share = 1.0 / count;
            out.extend(sums.iter().map(|sum| sum.map(|sum| sum * share)));
        }
    }
    out
}

/// Means along one row.
fn along<const N: usize>(row: &[[f32; N]], out: &mut [[f32; N]], radius: usize) {
    let first = radius.min(row.len());
    let (mut sum, mut count) = ([0.0; N], first as f32);
    row[..first].iter().for_each(|value| add(&mut sum, value, 1.0));
    for x in 0..row.len() {
        if let Some(value) = row.get(x + radius) {
            add(&mut sum, value, 1.0);
            count += 1.0;
        }
        if x > radius {
            add(&mut sum, &row[x - radius - 1], -1.0);
            count -= 1.0;
        }
        let share = 1.0 / count;
        out[x] = sum.map(|sum| sum * share);
    }
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
    fn the_mean_of_a_constant_is_the_constant_up_to_the_border() {
        assert!(
            boxed(&[[3.0, 5.0]; 35], 7, 5, 2).iter().all(|[a, b]| (a - 3.0).abs() < 1e-5 && (b - 5.0).abs() < 1e-5)
        );
        assert!(boxed(&[[3.0]; 4], 2, 2, 6).iter().all(|[value]| (value - 3.0).abs() < 1e-5));
    }

    #[test]
    fn each_value_is_the_mean_of_its_own_square() {
        let (width, height, radius) = (9, 6, 2);
        let values: Vec<[f32; 1]> = (0..width * height).map(|at| [((at * 37) % 11) as f32]).collect();
        let means = boxed(&values, width, height, radius);
        for (at, mean) in means.iter().enumerate() {
            let (x, y) = (at % width, at / width);
            let rows = y.saturating_sub(radius)..(y + radius + 1).min(height);
            let square: Vec<f32> = rows
                .flat_map(|row| {
                    (x.saturating_sub(radius)..(x + radius + 1).min(width)).map(move |column| (column, row))
                })
                .map(|(column, row)| values[row * width + column][0])
                .collect();
            let plain = square.iter().sum::<f32>() / square.len() as f32;
            assert!((mean[0] - plain).abs() < 1e-4, "{x} {y}: {} {plain}", mean[0]);
        }
    }
}
