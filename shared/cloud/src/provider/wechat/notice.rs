//! Callbacks: verified over the raw bytes, then opened, then read, then held against who we are.

use app::payments::provider::{Forged, Found, Notice, RawNotice};
use jiff::Timestamp;

use super::client::returned;
use super::wire::{Envelope, RefundNotice, Transaction};
use super::{Wechat, signature};

impl Wechat {
    pub(super) fn read_notice(&self, notice: &RawNotice, now: Timestamp) -> Result<Notice, Forged> {
        let keys = self.keys.at(now);
        signature::verify(&keys, |name| notice.header(name), &notice.body, now.as_second()).map_err(Forged)?;
        let envelope: Envelope = serde_json::from_slice(&notice.body).map_err(|_| Forged("no envelope".into()))?;
        let kind = envelope.event_type.as_str();
        if kind != "TRANSACTION.SUCCESS" && !kind.starts_with("REFUND.") {
            return Ok(Notice::Nothing);
        }
        let plain = self.resource_key.open(&envelope.resource).ok_or_else(|| Forged("the seal is broken".into()))?;
        if kind == "TRANSACTION.SUCCESS" {
            let transaction: Transaction = serde_json::from_slice(&plain).map_err(|_| Forged("no payment".into()))?;
            return match self.found(&transaction, &transaction.out_trade_no).map_err(Forged)? {
                Found::Paid(receipt) if transaction.trade_state == "SUCCESS" => Ok(Notice::Paid(receipt)),
                _ => Ok(Notice::Nothing),
            };
        }
        let refund: RefundNotice = serde_json::from_slice(&plain).map_err(|_| Forged("no refund".into()))?;
        if refund.mchid != self.merchant {
            return Err(Forged("for another merchant".into()));
        }
        let outcome = returned(&refund.refund_status);
        Ok(Notice::Refund { payment_no: refund.out_trade_no, refund_no: refund.out_refund_no, outcome })
    }
}
