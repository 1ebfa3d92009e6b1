//! Inspects damaged portraits: a short sample of what the fuzz target `inspect` does.

mod jpeg_files;

use jpeg_files::never_panics::inspect_any;
use synthetic_portraits::Portrait;

/// A portrait that is small enough for many inspections, and in which the face is still found.
fn portrait() -> Vec<u8> {
    Portrait::new(240, 300).quality(80).jpeg()
}

/// Pseudorandom numbers that are the same in every run (xorshift).
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
fn inspection_of_a_file_with_changed_bytes_gives_a_report() {
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
fn inspection_of_truncated_repeated_and_empty_files_gives_a_report() {
    let good = portrait();
    for share in [0, 1, 5, 20, 50, 80, 99] {
        inspect_any(&good[..good.len() * share / 100]);
    }
    inspect_any(&[good.clone(), good.clone()].concat());
    inspect_any(&good[2..]);
}

/// Pictures of unusual shape, and pictures with the face in a corner.
#[test]
fn inspection_of_unusual_shapes_gives_a_report() {
    for (width, height) in [(1, 1), (1, 400), (400, 1), (8, 8), (900, 40), (40, 900)] {
        inspect_any(&Portrait::new(width, height).jpeg());
    }
    for (x, y) in [(0.0, 0.0), (240.0, 150.0), (120.0, 300.0), (-30.0, 140.0)] {
        inspect_any(&Portrait::new(240, 300).centre(x, y).roll(x).jpeg());
    }
}
