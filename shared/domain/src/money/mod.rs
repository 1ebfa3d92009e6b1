//! Money: what a photo costs, what a customer's wallet holds, and every way in which money moves.
//!
//! ```text
//! price -> order -> payment (WeChat Pay, Alipay) -> order paid          overpayment -> refund
//!               \-> wallet: hold -> posted | voided | expired           recharge -> credited
//! coupon: usable -> held -> used                                        ledger: one entry per movement
//! ```
//!
//! Amounts are whole fen, times are instants, numbers and clocks are arguments. Each state machine is an enum whose variants hold
//! the data of that state; a transition consumes the value and returns [`crate::Refused`] if the event does not fit the state.

pub mod coupon;
pub mod fen;
pub mod hold;
pub mod ledger;
pub mod number;
pub mod order;
pub mod payment;
pub mod price;
pub mod recharge;
pub mod refund;
pub mod wallet;

pub use fen::Fen;
pub use number::{Number, PaymentNumber, RefundNumber};
