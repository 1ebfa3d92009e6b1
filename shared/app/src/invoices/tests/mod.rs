//! Tests of the invoice use cases on the store in memory.

mod concurrency;
mod emails;
mod fault_injection;
pub(crate) mod house;
mod invariants;
mod lifecycle;
mod staff;
mod state_machine_proptest;
