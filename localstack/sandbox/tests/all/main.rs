//! The sandbox's protocols as the functions' adapters use them, in one program: linking takes longer than running them.
#![allow(clippy::unwrap_used)]

mod bureau;
mod invoices;
mod messages;
mod providers;
mod shop;
