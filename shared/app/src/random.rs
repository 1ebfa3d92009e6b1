//! The port to a generator of random bytes, and the identifiers made of them.

use std::sync::Mutex;

use jiff::Timestamp;
use ulid::Ulid;

/// A source of random bytes.
pub trait Random: Send + Sync {
    /// Overwrites `bytes` with random ones.
    fn fill(&self, bytes: &mut [u8]);

    /// A random identifier that sorts by `now`, to the millisecond.
    fn ulid(&self, now: Timestamp) -> Ulid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Ulid::from_parts(now.as_millisecond().unsigned_abs(), u128::from_be_bytes(bytes))
    }
}

/// The generator of the operating system.
///
/// # Panics
///
/// [`Random::fill`] panics if the operating system has no random numbers.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system provides random bytes");
    }
}

/// A generator for tests that returns the same bytes for the same seed (SplitMix64). Do not use it for secrets.
#[derive(Debug)]
pub struct SeededRandom(Mutex<u64>);

impl SeededRandom {
    /// A generator that starts from `seed`.
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().expect("no thread panicked while it held the generator");
        for chunk in bytes.chunks_mut(8) {
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut word = *state;
            word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            word ^= word >> 31;
            chunk.copy_from_slice(&word.to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ulids_sort_by_time_and_differ_within_a_millisecond() {
        let now = Timestamp::from_millisecond(1_705_296_000_000).unwrap();
        let later = Timestamp::from_millisecond(1_705_296_000_001).unwrap();
        let first = OsRandom.ulid(now);
        assert!(first < OsRandom.ulid(later));
        assert_ne!(first, OsRandom.ulid(now));
        assert_eq!(SeededRandom::new(7).ulid(now), SeededRandom::new(7).ulid(now));
    }
}
