//! Confidence intervals and spreads.

/// Quantile of the normal distribution for a two-sided confidence of 95 %.
const Z: f64 = 1.959_964;

/// Wilson's confidence interval (95 %) for a share of `count` in `of`; `None` without observations. Unlike the normal
/// approximation, it does not have zero width at 0 of 20.
pub fn wilson(count: usize, of: usize) -> Option<[f64; 2]> {
    if of == 0 {
        return None;
    }
    let (n, share) = (of as f64, count as f64 / of as f64);
    let shrink = 1.0 + Z * Z / n;
    let middle = (share + Z * Z / (2.0 * n)) / shrink;
    let reach = Z / shrink * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some([(middle - reach).max(0.0), (middle + reach).min(1.0)])
}

/// Smallest value, median and largest value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    /// Number of values.
    pub count: usize,
    /// Smallest value.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// Largest value.
    pub high: f64,
}

impl Spread {
    /// The spread of the finite values; `None` without values.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.into_iter().filter(|value| value.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        let (&low, &high) = (values.first()?, values.last()?);
        let middle = values.len() / 2;
        let median = if values.len() % 2 == 1 { values[middle] } else { (values[middle - 1] + values[middle]) / 2.0 };
        Some(Self { count: values.len(), low, median, high })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(found: Option<[f64; 2]>, expected: [f64; 2]) {
        let found = found.expect("there are observations");
        assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 5e-4), "{found:?} is not {expected:?}");
    }

    /// Values of Newcombe (1998), table I, method 3.
    #[test]
    fn wilson_gives_the_published_intervals() {
        close(wilson(81, 263), [0.2553, 0.3662]);
        close(wilson(15, 148), [0.0624, 0.1605]);
        close(wilson(0, 20), [0.0, 0.1611]);
        close(wilson(1, 29), [0.0061, 0.1718]);
        close(wilson(20, 20), [0.8389, 1.0]);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn median_of_an_even_number_of_values_is_the_mean_of_the_middle_two() {
        let spread = Spread::of([4.0, 1.0, 3.0, f64::NAN, 2.0]).unwrap();
        assert_eq!((spread.count, spread.low, spread.median, spread.high), (4, 1.0, 2.5, 4.0));
        assert_eq!(Spread::of([7.0]).map(|s| s.median), Some(7.0));
        assert_eq!(Spread::of([]), None);
    }
}
