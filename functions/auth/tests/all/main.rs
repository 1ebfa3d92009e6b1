//! The function's tests over HTTP, in one program, because linking takes longer than running.
#![allow(clippy::unwrap_used)]

mod accounts;
mod contact;
mod phone;
mod test_app;
