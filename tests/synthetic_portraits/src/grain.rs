//! Reproducible noise: hashes of a position instead of a generator with state, so that the result does not depend on
//! the painting order.

/// A well-mixed 32-bit hash of a position and a seed.
pub(crate) fn hash(x: i32, y: i32, seed: u32) -> u32 {
    let mut h =
        (x as u32).wrapping_mul(0x9E37_79B1) ^ (y as u32).wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
    h = (h ^ (h >> 15)).wrapping_mul(0x2C1B_3C6D);
    h = (h ^ (h >> 12)).wrapping_mul(0x297A_2D39);
    h ^ (h >> 15)
}

/// Uniformly distributed in 0..1.
pub(crate) fn uniform(x: i32, y: i32, seed: u32) -> f32 {
    hash(x, y, seed) as f32 / u32::MAX as f32
}

/// Approximately normally distributed (the sum of four bytes), mean 0, standard deviation 1, at most 3.5.
pub(crate) fn normal(x: i32, y: i32, seed: u32) -> f32 {
    let sum: u32 = hash(x, y, seed).to_le_bytes().iter().map(|&byte| u32::from(byte)).sum();
    (sum as f32 - 510.0) / 147.8
}

/// Smooth noise in -1..1 with a feature size of about one unit.
pub(crate) fn smooth(x: f32, y: f32, seed: u32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f32| t * t * (3.0 - 2.0 * t);
    let (a, b) = (ease(x - left), ease(y - top));
    let at = |dx: i32, dy: i32| uniform(left as i32 + dx, top as i32 + dy, seed) * 2.0 - 1.0;
    let upper = at(0, 0) + (at(1, 0) - at(0, 0)) * a;
    let lower = at(0, 1) + (at(1, 1) - at(0, 1)) * a;
    upper + (lower - upper) * b
}
