//! Small statistics over samples.

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

/// The value below which `share` (0 to 1) of the samples lie. Reorders the samples; `None` when there are none.
pub fn quantile(samples: &mut [f32], share: f32) -> Option<f32> {
    if samples.is_empty() {
        return None;
    }
    let rank = ((samples.len() - 1) as f32 * share.clamp(0.0, 1.0)).round() as usize;
    let (_, value, _) = samples.select_nth_unstable_by(rank, f32::total_cmp);
    Some(*value)
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
    fn quantiles_means_and_shares() {
        let mut samples = [5.0, 1.0, 4.0, 2.0, 3.0];
        assert_eq!(quantile(&mut samples, 0.5), Some(3.0));
        assert_eq!(quantile(&mut samples, 0.0), Some(1.0));
        assert_eq!(quantile(&mut [], 0.5), None);
        assert_eq!(mean_deviation([2.0, 4.0]), (3.0, 1.0));
        assert_eq!(share([1, 2, 3, 4], |value| value > 1), 0.75);
    }
}
