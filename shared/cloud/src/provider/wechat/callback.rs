//! Callbacks: the signature is verified over the raw bytes, then the content is decrypted and parsed, then its addressee is checked.

use app::payments::provider::{InvalidSignature, PaymentCallback, PaymentStatus, RawCallback};
use jiff::Timestamp;

use super::client::refund_status;
use super::wire::{Envelope, RefundCallback, Transaction};
use super::{Wechat, signature};

impl Wechat {
    pub(super) fn parse_callback(
        &self,
        callback: &RawCallback,
        now: Timestamp,
    ) -> Result<PaymentCallback, InvalidSignature> {
        let keys = self.keys.at(now);
        signature::verify(&keys, |name| callback.header(name), &callback.body, now.as_second())
            .map_err(InvalidSignature)?;
        let envelope: Envelope = serde_json::from_slice(&callback.body)
            .map_err(|_| InvalidSignature("the body does not have the documented form".into()))?;
        let kind = envelope.event_type.as_str();
        if kind != "TRANSACTION.SUCCESS" && !kind.starts_with("REFUND.") {
            return Ok(PaymentCallback::Ignored);
        }
        let plain = self
            .resource_key
            .open(&envelope.resource)
            .ok_or_else(|| InvalidSignature("the content cannot be decrypted".into()))?;
        if kind == "TRANSACTION.SUCCESS" {
            let transaction: Transaction = serde_json::from_slice(&plain)
                .map_err(|_| InvalidSignature("the content is not a transaction".into()))?;
            return match self.payment_status(&transaction, &transaction.out_trade_no).map_err(InvalidSignature)? {
                PaymentStatus::Paid(confirmation) if transaction.trade_state == "SUCCESS" => {
                    Ok(PaymentCallback::Paid(confirmation))
                }
                _ => Ok(PaymentCallback::Ignored),
            };
        }
        let refund: RefundCallback =
            serde_json::from_slice(&plain).map_err(|_| InvalidSignature("the content is not a refund".into()))?;
        if refund.mchid != self.merchant {
            return Err(InvalidSignature("it is addressed to another merchant".into()));
        }
        let outcome = refund_status(&refund.refund_status);
        Ok(PaymentCallback::Refund { payment_no: refund.out_trade_no, refund_no: refund.out_refund_no, outcome })
    }
}
