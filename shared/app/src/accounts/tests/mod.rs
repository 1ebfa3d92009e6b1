//! The identity rooms on the store in memory.

mod changing;
mod coding;
mod house;
mod recovering;
mod refreshing;
mod registering;
mod scanning;
mod signing_in;
