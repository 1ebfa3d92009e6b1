//! Tests of the use cases of money on the store in memory: scenarios in the customer's words, faults in every call, concurrent
//! requests, and random sequences of actions checked against the invariants.

mod balance;
mod callbacks;
mod check;
mod concurrency;
mod coupons;
mod fault_injection;
mod order_list;
mod orders;
mod recharges;
mod refunds;
mod rows;
mod state_machine_proptest;
mod statement;
