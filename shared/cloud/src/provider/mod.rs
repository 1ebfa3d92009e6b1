//! Providers of payments, invoices, short messages and letters: thin clients that sign what they send and believe nothing unverified.

pub mod alipay;
pub mod aliyun;
pub mod aliyun_sms;
mod bureau;
mod call;
mod desk;
pub mod einvoice;
pub mod mail;
pub mod rsa;
pub mod wechat;

pub use bureau::{Bureau, InvoicesSecret};
pub use desk::{Desk, DeskFailure, PaymentsSecret, money};
