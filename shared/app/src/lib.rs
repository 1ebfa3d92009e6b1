//! Use cases and ports: the order of the steps, who is allowed to do them, and what is retried.
//!
//! A use case loads rows, calls the rules in `domain` with the present time as an argument, and commits once. It
//! reaches the outside world only through ports: [`store::Store`], [`clock::Clock`], [`random::Random`], and the ports
//! of single modules, e.g. [`messages::SmsSender`].

#![warn(missing_docs)]

pub mod accounts;
pub mod audit;
pub mod backoff;
pub mod captcha;
pub mod checkout;
pub mod clock;
pub mod coupons;
pub mod due;
pub mod failure;
pub mod idempotency;
pub mod invoices;
pub mod key_derivation;
pub mod ledger;
pub mod messages;
pub mod objects;
pub mod orders;
pub mod payments;
pub mod photos;
pub mod random;
pub mod rate_limit;
pub mod receipts;
pub mod recharges;
pub mod sealing;
pub mod store;
#[cfg(test)]
mod testing;
pub mod wallet;
