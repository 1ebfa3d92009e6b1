//! Promises about invoices, on the store in memory: scenarios, crashes at every step, crowds, and seasons of random acts.

mod crash;
mod crowd;
pub(crate) mod house;
mod letters;
mod life;
pub(crate) mod office;
mod promises;
mod season;
mod staff;
