//! Fine detail in a patch of luma. The patch has a fixed face size, so that values of different photos can be compared.

/// Mean squared 4-neighbour Laplacian at the given indices, those on the border excluded, in squared code values. Zero
/// without indices.
pub fn laplacian_energy(luma: &[f32], width: usize, indices: impl Iterator<Item = usize>) -> f32 {
    let (mut sum, mut count) = (0.0f64, 0u32);
    for at in indices {
        let column = at % width;
        if at < width || at + width >= luma.len() || column == 0 || column == width - 1 {
            continue;
        }
        let value = luma[at - 1] + luma[at + 1] + luma[at - width] + luma[at + width] - 4.0 * luma[at];
        sum += f64::from(value * value);
        count += 1;
    }
    if count == 0 { 0.0 } else { (sum / f64::from(count)) as f32 }
}

/// 3 x 3 box blur; border values are kept.
pub fn blurred(luma: &[f32], width: usize) -> Vec<f32> {
    let rows = luma.len() / width;
    let mut out = luma.to_vec();
    for y in 1..rows.saturating_sub(1) {
        for x in 1..width - 1 {
            let at = y * width + x;
            let row = |start: usize| luma[start - 1] + luma[start] + luma[start + 1];
            out[at] = (row(at - width) + row(at) + row(at + width)) / 9.0;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laplacian_energy_of_a_checkerboard_drops_when_it_is_blurred() {
        let board: Vec<f32> = (0..400).map(|at| if (at % 20 + at / 20) % 2 == 0 { 0.0 } else { 100.0 }).collect();
        let middle = || (0..400).filter(|at| (4..16).contains(&(at % 20)) && (4..16).contains(&(at / 20)));
        let sharp = laplacian_energy(&board, 20, middle());
        let soft = laplacian_energy(&blurred(&board, 20), 20, middle());
        assert!(sharp > 50.0 * soft, "{sharp} {soft}");
    }
}
