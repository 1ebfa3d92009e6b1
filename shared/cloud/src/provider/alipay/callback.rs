//! Callbacks: a form that is signed over its decoded fields.

use std::collections::BTreeMap;

use app::payments::provider::{InvalidSignature, PaymentCallback, PaymentStatus, RawCallback};
use domain::money::Fen;

use super::client::{confirmation, payment_status};
use super::{Alipay, callback_text};

impl Alipay {
    pub(super) fn parse_callback(&self, callback: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        let forged = |why: &str| InvalidSignature(why.to_owned());
        let mut fields = BTreeMap::new();
        for (key, value) in url::form_urlencoded::parse(&callback.body) {
            if fields.insert(key.into_owned(), value.into_owned()).is_some() {
                return Err(forged("a field occurs twice"));
            }
        }
        let field = |name: &str| fields.get(name).map_or("", String::as_str);
        if field("sign_type") != "RSA2" || !self.key.verifies(callback_text(&fields).as_bytes(), field("sign")) {
            return Err(forged("the signature does not verify"));
        }
        if field("app_id") != self.app_id || field("seller_id") != self.seller_id {
            return Err(forged("it is addressed to another merchant"));
        }
        // Alipay reports a refund as a success of the payment, with the refunded amount.
        let refunded = Fen::from_yuan(field("refund_fee")).is_ok_and(|fee| !fee.is_zero());
        if refunded || !field("gmt_refund").is_empty() {
            return Ok(PaymentCallback::Ignored);
        }
        let confirmation = || confirmation(field("out_trade_no"), field("trade_no"), field("total_amount"));
        match payment_status(field("trade_status"), confirmation).map_err(InvalidSignature)? {
            PaymentStatus::Paid(confirmation) => Ok(PaymentCallback::Paid(confirmation)),
            _ => Ok(PaymentCallback::Ignored),
        }
    }
}
