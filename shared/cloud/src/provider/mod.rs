//! Clients of external providers: payments, invoices, SMS and e-mail. They sign what they send, and they return only data whose
//! signature they have verified.

pub mod alipay;
pub mod aliyun;
pub mod aliyun_sms;
mod call;
pub mod einvoice;
mod invoice_setup;
pub mod mail;
mod payment_setup;
pub mod rsa;
pub mod wechat;

pub use invoice_setup::{InvoiceSetup, InvoicesSecret};
pub use payment_setup::{ConfigError, PaymentSetup, PaymentsSecret, money};
