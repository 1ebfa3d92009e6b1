//! Statistics over samples.

/// Mean and standard deviation; zeros for no samples.
pub fn mean_deviation(samples: impl IntoIterator<Item = f32>) -> (f32, f32) {
    let (mut count, mut sum, mut squares) = (0.0f64, 0.0f64, 0.0f64);
    for sample in samples {
        count += 1.0;
        sum += f64::from(sample);
        squares += f64::from(sample) * f64::from(sample);
    }
    if count == 0.0 {
        return (0.0, 0.0);
    }
    let mean = sum / count;
    (mean as f32, (squares / count - mean * mean).max(0.0).sqrt() as f32)
}

/// The value below which `share` (0 to 1) of the samples lie. `None` when there are none.
pub fn quantile(samples: impl IntoIterator<Item = f32>, share: f32) -> Option<f32> {
    // Integers of the same order are faster to compare.
    let mut keys: Vec<i32> = samples.into_iter().map(|sample| key(sample.to_bits() as i32)).collect();
    let last = keys.len().checked_sub(1)?;
    let rank = (last as f32 * share.clamp(0.0, 1.0)).round() as usize;
    let (_, &mut value, _) = keys.select_nth_unstable(rank);
    Some(f32::from_bits(key(value) as u32))
}

/// Maps the bits of a float to an integer of the same order, and back: for negative numbers all bits except the sign
/// are inverted.
fn key(bits: i32) -> i32 {
    bits ^ (((bits >> 31) as u32) >> 1) as i32
}

/// Share of samples that satisfy `test`; zero for no samples.
pub fn share<T>(samples: impl IntoIterator<Item = T>, mut test: impl FnMut(T) -> bool) -> f32 {
    let (mut hits, mut count) = (0u32, 0u32);
    for sample in samples {
        count += 1;
        hits += u32::from(test(sample));
    }
    if count == 0 { 0.0 } else { hits as f32 / count as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantile_mean_deviation_and_share_have_known_values() {
        let samples = [5.0, -1.0, 4.0, -2.0, 3.0];
        assert_eq!(quantile(samples, 0.5), Some(3.0));
        assert_eq!([0.0, 0.25, 1.0].map(|share| quantile(samples, share)), [Some(-2.0), Some(-1.0), Some(5.0)]);
        assert_eq!(quantile([], 0.5), None);
        assert_eq!(mean_deviation([2.0, 4.0]), (3.0, 1.0));
        assert_eq!(share([1, 2, 3, 4], |value| value > 1), 0.75);
    }
}
