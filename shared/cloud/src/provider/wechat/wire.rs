//! The JSON bodies, with the provider's field names.

use serde::{Deserialize, Serialize};

/// Body of a Native order.
#[derive(Debug, Serialize)]
pub struct Prepay<'a> {
    pub appid: &'a str,
    pub mchid: &'a str,
    pub description: &'a str,
    pub out_trade_no: &'a str,
    pub time_expire: String,
    pub notify_url: &'a str,
    pub amount: Amount<'a>,
}

/// What the customer pays.
#[derive(Debug, Serialize)]
pub struct Amount<'a> {
    /// In fen.
    pub total: i64,
    pub currency: &'a str,
}

/// Response to a Native order.
#[derive(Debug, Deserialize)]
pub struct Prepaid {
    /// The content of the QR code.
    pub code_url: String,
}

/// A payment, in responses and callbacks.
#[derive(Debug, Deserialize)]
pub struct Transaction {
    pub appid: String,
    pub mchid: String,
    pub out_trade_no: String,
    #[serde(default)]
    pub transaction_id: String,
    pub trade_state: String,
    pub amount: Option<Paid>,
}

/// What was paid.
#[derive(Debug, Deserialize)]
pub struct Paid {
    /// In fen.
    pub total: i64,
    pub currency: String,
}

/// Body of a refund.
#[derive(Debug, Serialize)]
pub struct RefundOrder<'a> {
    pub out_trade_no: &'a str,
    pub out_refund_no: &'a str,
    pub reason: &'a str,
    pub notify_url: &'a str,
    pub amount: RefundAmount<'a>,
}

/// Refunded and original amount, in fen.
#[derive(Debug, Serialize)]
pub struct RefundAmount<'a> {
    pub refund: i64,
    pub total: i64,
    pub currency: &'a str,
}

/// A refund, in responses.
#[derive(Debug, Deserialize)]
pub struct Refunded {
    pub out_refund_no: String,
    pub status: String,
}

/// A refund, in callbacks.
#[derive(Debug, Deserialize)]
pub struct RefundCallback {
    pub mchid: String,
    pub out_trade_no: String,
    pub out_refund_no: String,
    pub refund_status: String,
}

/// Body of a callback.
#[derive(Debug, Deserialize)]
pub struct Envelope {
    pub event_type: String,
    pub resource: super::Sealed,
}

/// Response with the platform certificates.
#[derive(Debug, Deserialize)]
pub struct Certificates {
    pub data: Vec<PlatformCertificate>,
}

/// An encrypted platform certificate.
#[derive(Debug, Deserialize)]
pub struct PlatformCertificate {
    pub serial_no: String,
    pub encrypt_certificate: super::Sealed,
}

/// Body of an error response.
#[derive(Debug, Default, Deserialize)]
pub struct Problem {
    #[serde(default)]
    pub code: String,
}
