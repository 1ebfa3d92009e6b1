//! Shares with the uncertainty that few photos leave.

/// Two-sided 95 %.
const Z: f64 = 1.959_964;

/// Wilson's interval for the share behind `count` of `of`; `None` without any observation. Unlike the usual one it does
/// not shrink to nothing at 0 of 20.
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

/// Smallest, median and largest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spread {
    pub count: usize,
    pub low: f64,
    pub median: f64,
    pub high: f64,
}

impl Spread {
    /// `None` of nothing.
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
    fn intervals_are_those_of_the_published_table() {
        close(wilson(81, 263), [0.2553, 0.3662]);
        close(wilson(15, 148), [0.0624, 0.1605]);
        close(wilson(0, 20), [0.0, 0.1611]);
        close(wilson(1, 29), [0.0061, 0.1718]);
        close(wilson(20, 20), [0.8389, 1.0]);
        assert_eq!(wilson(0, 0), None);
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        let spread = Spread::of([4.0, 1.0, 3.0, f64::NAN, 2.0]).unwrap();
        assert_eq!((spread.count, spread.low, spread.median, spread.high), (4, 1.0, 2.5, 4.0));
        assert_eq!(Spread::of([7.0]).map(|s| s.median), Some(7.0));
        assert_eq!(Spread::of([]), None);
    }
}
