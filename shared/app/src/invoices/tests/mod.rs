//! Tests of the invoice use cases on the store in memory.

mod concurrency;
mod emails;
mod fault_injection;
mod invariants;
mod lifecycle;
mod staff;
mod state_machine_proptest;
pub(crate) mod test_app;
