//! Promises about money, on the store in memory: scenarios in the customer's words, crashes at every step, crowds, and whole days of
//! trading.

mod balance;
mod bank;
mod check;
mod coupons;
mod crash;
mod crowd;
mod day;
pub(crate) mod house;
mod lists;
mod notices;
mod orders;
pub(crate) mod port;
mod promises;
mod recharges;
mod refunds;
mod rows;
mod statement;
