mod fault_injection;
pub(crate) mod house;
mod lifecycle;
mod read;
mod start;
