//! The identity rooms on the store in memory.

mod house;
mod refreshing;
mod registering;
mod signing_in;
