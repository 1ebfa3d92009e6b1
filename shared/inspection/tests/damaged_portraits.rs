//! Damaged portraits through the whole inspection: what the fuzz target does for hours, sampled in seconds.

mod jpeg_files;

use drawn::Portrait;
use jpeg_files::never_panics::inspect_any;

/// Small enough that a few dozen inspections take seconds; the face is still found.
fn portrait() -> Vec<u8> {
    Portrait::new(240, 300).quality(80).jpeg()
}

/// Numbers that look random and are the same in every run.
fn scatter(seed: u64) -> impl Iterator<Item = usize> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 16) as usize
    })
}

#[test]
fn bytes_changed_anywhere_end_in_a_report() {
    let good = portrait();
    for seed in 1..=40 {
        let mut file = good.clone();
        let mut numbers = scatter(seed);
        for _ in 0..1 + seed % 5 {
            let at = numbers.next().unwrap() % file.len();
            file[at] = numbers.next().unwrap() as u8;
        }
        inspect_any(&file);
    }
}

#[test]
fn cut_doubled_and_empty_files_end_in_a_report() {
    let good = portrait();
    for share in [0, 1, 5, 20, 50, 80, 99] {
        inspect_any(&good[..good.len() * share / 100]);
    }
    inspect_any(&[good.clone(), good.clone()].concat());
    inspect_any(&good[2..]);
}

/// Pictures of odd shape, with and without a face in a corner.
#[test]
fn odd_shapes_end_in_a_report() {
    for (width, height) in [(1, 1), (1, 400), (400, 1), (8, 8), (900, 40), (40, 900)] {
        inspect_any(&Portrait::new(width, height).jpeg());
    }
    for (x, y) in [(0.0, 0.0), (240.0, 150.0), (120.0, 300.0), (-30.0, 140.0)] {
        inspect_any(&Portrait::new(240, 300).centre(x, y).roll(x).jpeg());
    }
}
