//! The adapters against a private local cloud, in one program: linking takes longer than running them.
#![allow(clippy::unwrap_used)]
#![cfg(feature = "local")]

mod crowds;
mod invoices;
mod objects;
mod store;
