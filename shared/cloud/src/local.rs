//! The local cloud, for tests and for a house on one machine: a clock that can be moved, and a private cloud per test.

mod clock;
mod test_cloud;

pub use clock::{TestClock, set_clock_ahead};
pub use test_cloud::TestCloud;
