mod fault_injection;
mod lifecycle;
mod read;
mod start;
pub(crate) mod test_app;
