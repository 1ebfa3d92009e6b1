//! The provider's own field names.

use serde::{Deserialize, Serialize};

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

#[derive(Debug, Serialize)]
pub struct Amount<'a> {
    pub total: i64,
    pub currency: &'a str,
}

#[derive(Debug, Deserialize)]
pub struct Prepaid {
    pub code_url: String,
}

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

#[derive(Debug, Deserialize)]
pub struct Paid {
    pub total: i64,
    pub currency: String,
}

#[derive(Debug, Serialize)]
pub struct RefundOrder<'a> {
    pub out_trade_no: &'a str,
    pub out_refund_no: &'a str,
    pub reason: &'a str,
    pub notify_url: &'a str,
    pub amount: RefundAmount<'a>,
}

#[derive(Debug, Serialize)]
pub struct RefundAmount<'a> {
    pub refund: i64,
    pub total: i64,
    pub currency: &'a str,
}

#[derive(Debug, Deserialize)]
pub struct Refunded {
    pub out_refund_no: String,
    pub status: String,
}

#[derive(Debug, Deserialize)]
pub struct RefundNotice {
    pub mchid: String,
    pub out_trade_no: String,
    pub out_refund_no: String,
    pub refund_status: String,
}

#[derive(Debug, Deserialize)]
pub struct Envelope {
    pub event_type: String,
    pub resource: super::Sealed,
}

#[derive(Debug, Deserialize)]
pub struct Certificates {
    pub data: Vec<PlatformCertificate>,
}

#[derive(Debug, Deserialize)]
pub struct PlatformCertificate {
    pub serial_no: String,
    pub encrypt_certificate: super::Sealed,
}

#[derive(Debug, Default, Deserialize)]
pub struct Problem {
    #[serde(default)]
    pub code: String,
}
