//! The adapters against a private local cloud. All tests are one program, because linking takes longer than running them.
#![allow(clippy::unwrap_used)]
#![cfg(feature = "local")]

mod concurrency;
mod invoices;
mod objects;
mod store;
