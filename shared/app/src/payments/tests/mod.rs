//! Promises about money, on the store in memory: scenarios, crashes at every step, crowds, and whole days of trading.

mod bank;
mod crash;
mod crowd;
mod day;
pub(crate) mod house;
mod life;
mod promises;
