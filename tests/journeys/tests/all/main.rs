//! The journeys: what customers, staff and operators do over HTTP on a deployed stack, one test for each promise.
//!
//! Tests in modules named `exclusive` change what all tests share (clock, faults, queues, processes), so nextest runs each of them
//! alone. All others run side by side.
#![allow(clippy::unwrap_used)]

mod accounts;
mod audit;
mod coupons;
mod fixtures;
mod imports;
mod invoices;
mod ledger;
mod messages;
mod orders;
mod photos;
mod prepaid;
mod receipts;
mod recharges;
mod secrets;
mod sessions;
