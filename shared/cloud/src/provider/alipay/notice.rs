//! Callbacks: a form, signed over its decoded fields.

use std::collections::BTreeMap;

use app::payments::provider::{Forged, Found, Notice, RawNotice};
use domain::money::Fen;

use super::client::{found, receipt};
use super::{Alipay, notice_text};

impl Alipay {
    pub(super) fn read_notice(&self, notice: &RawNotice) -> Result<Notice, Forged> {
        let forged = |why: &str| Forged(why.to_owned());
        let mut fields = BTreeMap::new();
        for (key, value) in url::form_urlencoded::parse(&notice.body) {
            if fields.insert(key.into_owned(), value.into_owned()).is_some() {
                return Err(forged("a field twice"));
            }
        }
        let field = |name: &str| fields.get(name).map_or("", String::as_str);
        if field("sign_type") != "RSA2" || !self.key.verifies(notice_text(&fields).as_bytes(), field("sign")) {
            return Err(forged("the signature does not verify"));
        }
        if field("app_id") != self.app_id || field("seller_id") != self.seller_id {
            return Err(forged("for another merchant"));
        }
        // A refund is told as a success of the payment, with what went back.
        let went_back = Fen::from_yuan(field("refund_fee")).is_ok_and(|fee| !fee.is_zero());
        if went_back || !field("gmt_refund").is_empty() {
            return Ok(Notice::Nothing);
        }
        let receipt = || receipt(field("out_trade_no"), field("trade_no"), field("total_amount"));
        match found(field("trade_status"), receipt).map_err(Forged)? {
            Found::Paid(receipt) => Ok(Notice::Paid(receipt)),
            _ => Ok(Notice::Nothing),
        }
    }
}
