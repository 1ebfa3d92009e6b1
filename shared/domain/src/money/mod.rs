//! Money: what a photo costs, what a person owns, and every way it moves.
//!
//! ```text
//! price -> order -> payment (WeChat Pay, Alipay) -> order paid          second success -> refund
//!               \-> wallet: hold -> posted | voided | expired           recharge -> credited
//! coupon: usable -> held -> used                                        ledger: every movement, forever
//! ```
//!
//! Amounts are whole fen, times are instants, ids and clocks are arguments. Each state machine is an enum whose variants carry
//! that state's facts; a transition consumes it and answers [`crate::Refused`] when the event does not fit.

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
pub use number::Number;
