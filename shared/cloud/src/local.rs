//! For tests and for a stack on one machine: a clock that can be moved, and private local clouds.

mod clock;
mod test_cloud;

pub use clock::{TestClock, set_clock_ahead};
pub use test_cloud::{Connection, TestCloud};
