//! The identity rooms on the store in memory.

mod changing;
mod coding;
mod house;
mod importing;
mod leaving;
mod recovering;
mod refreshing;
mod registering;
mod scanning;
mod sealing;
mod signing_in;
mod staff;
