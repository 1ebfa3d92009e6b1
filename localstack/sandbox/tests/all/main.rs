//! The provider clients of `cloud` and the use cases of `app` against the sandbox's wire protocols, without a cloud.

#![allow(clippy::unwrap_used)]

mod invoice_app;
mod invoices;
mod messages;
mod payment_app;
mod payments;
mod sandbox_process;
