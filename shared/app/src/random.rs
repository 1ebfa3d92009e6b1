//! Unpredictable bytes, and the identifiers made of them.

use std::sync::Mutex;

use jiff::Timestamp;
use ulid::Ulid;

pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    /// An identifier that sorts by time.
    fn ulid(&self, now: Timestamp) -> Ulid {
        let mut bytes = [0; 16];
        self.fill(&mut bytes);
        Ulid::from_parts(now.as_millisecond().unsigned_abs(), u128::from_be_bytes(bytes))
    }
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system has randomness");
    }
}

/// The same bytes for the same seed (SplitMix64). Predictable: never for secrets.
#[derive(Debug)]
pub struct SeededRandom(Mutex<u64>);

impl SeededRandom {
    pub const fn new(seed: u64) -> Self {
        Self(Mutex::new(seed))
    }
}

impl Random for SeededRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().expect("random");
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
