mod crash;
mod house;
mod life;
mod read;
mod start;
