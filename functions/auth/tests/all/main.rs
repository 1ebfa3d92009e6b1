//! The function's tests over HTTP, in one program: linking takes longer than running them.
#![allow(clippy::unwrap_used)]

mod accounts;
mod contact;
mod desk;
mod phone;
