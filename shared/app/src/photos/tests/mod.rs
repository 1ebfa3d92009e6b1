mod crash;
pub(crate) mod house;
mod life;
mod read;
mod start;
