//! The calls.

use std::collections::BTreeMap;

use app::payments::PayProvider;
use app::payments::provider::{
    Charge, Closing, Forged, Found, Notice, RawNotice, Receipt, Return, Returned, Scene, Trouble,
};
use async_trait::async_trait;
use domain::china_time;
use domain::money::Fen;
use domain::money::payment::PayCode;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::{Alipay, canonical, signed_part};
use crate::provider::call::send;

/// A verified answer.
struct Verified(Value);

impl Verified {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn is_success(&self) -> bool {
        self.text("code") == "10000"
    }

    fn is(&self, sub_code: &str) -> bool {
        self.text("sub_code") == sub_code
    }

    /// 4xxxx says a definite no, except when the gateway is only busy; everything else is not an end.
    fn trouble(&self) -> Trouble {
        let text = format!("{} {}", self.text("code"), self.text("sub_code"));
        match self.text("code") {
            "40001" | "40002" | "40003" | "40006" => Trouble::Refused(text),
            "40004" if !self.is("ACQ.SYSTEM_ERROR") => Trouble::Refused(text),
            _ => Trouble::Unknown(text),
        }
    }
}

impl Alipay {
    async fn parameters(&self, method: &str, content: &Value, return_url: Option<&str>) -> BTreeMap<String, String> {
        let now = self.clock.now();
        let mut parameters = BTreeMap::from(
            [
                ("app_id", self.app_id.as_str()),
                ("method", method),
                ("format", "JSON"),
                ("charset", "utf-8"),
                ("sign_type", "RSA2"),
                ("version", "1.0"),
                ("notify_url", &self.notify_url),
                ("return_url", return_url.unwrap_or_default()),
            ]
            .map(|(key, value)| (key.to_owned(), value.to_owned())),
        );
        parameters.insert("timestamp".into(), china_time::text(now));
        parameters.insert("biz_content".into(), content.to_string());
        if let Some(numbers) = &self.certificates {
            parameters.insert("app_cert_sn".into(), numbers.app.clone());
            parameters.insert("alipay_root_cert_sn".into(), numbers.root.clone());
        }
        parameters.retain(|_, value| !value.is_empty());
        let signature = self.signer.sign(canonical(&parameters).as_bytes());
        parameters.insert("sign".into(), signature);
        parameters
    }

    async fn call(&self, method: &str, content: &Value) -> Result<Verified, Trouble> {
        let form = encoded(&self.parameters(method, content, None).await);
        let request = self.http.post(&self.gateway).body(form);
        let answer = send(request.header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")).await?;
        if answer.status != 200 {
            return Err(Trouble::Unknown(format!("status {}", answer.status)));
        }
        let text = String::from_utf8(answer.body).map_err(|_| Trouble::Unknown("an answer that is no text".into()))?;
        self.verified(&text, &format!("{}_response", method.replace('.', "_")))
    }

    /// The signed part of an answer, if Alipay signed it. An unsigned one may only say that it did nothing.
    pub(super) fn verified_text<'a>(&self, text: &'a str, node: &str) -> Result<&'a str, Trouble> {
        let forged = |why: &str| Trouble::Unknown(format!("an answer that is not Alipay's: {why}"));
        let whole: Value = serde_json::from_str(text).map_err(|_| forged("no JSON"))?;
        if whole.get("error_response").is_some() {
            return Err(Trouble::Unknown("refused by the gateway".into()));
        }
        let part = signed_part(text, node).ok_or_else(|| forged("not one answer"))?;
        let signature = whole.get("sign").and_then(Value::as_str).ok_or_else(|| forged("no signature"))?;
        if self.key.verifies(part.as_bytes(), signature) { Ok(part) } else { Err(forged("the signature")) }
    }

    fn verified(&self, text: &str, node: &str) -> Result<Verified, Trouble> {
        let part = self.verified_text(text, node)?;
        serde_json::from_str(part).map(Verified).map_err(|error| Trouble::Unknown(error.to_string()))
    }

    /// What is asked for, in the provider's words.
    fn content(charge: &Charge) -> Value {
        json!({
            "out_trade_no": charge.payment_no,
            "total_amount": charge.amount.decimal(),
            "subject": charge.subject,
            "time_expire": china_time::text(charge.expires_at),
        })
    }
}

fn encoded(parameters: &BTreeMap<String, String>) -> String {
    Serializer::new(String::new()).extend_pairs(parameters).finish()
}

/// What a trade status says of the money.
pub(super) fn found(status: &str, receipt: impl FnOnce() -> Result<Receipt, String>) -> Result<Found, String> {
    match status {
        "TRADE_SUCCESS" | "TRADE_FINISHED" => receipt().map(Found::Paid),
        "WAIT_BUYER_PAY" => Ok(Found::Unpaid),
        "TRADE_CLOSED" => Ok(Found::Closed),
        other => Err(format!("an unknown state {other}")),
    }
}

#[async_trait]
impl PayProvider for Alipay {
    async fn create(&self, charge: &Charge) -> Result<PayCode, Trouble> {
        let mut content = Self::content(charge);
        if let Scene::Page { return_url } = &charge.scene {
            content["product_code"] = "FAST_INSTANT_TRADE_PAY".into();
            let parameters = self.parameters("alipay.trade.page.pay", &content, return_url.as_deref()).await;
            return Ok(PayCode::Page { url: format!("{}?{}", self.gateway, encoded(&parameters)) });
        }
        let answer = self.call("alipay.trade.precreate", &content).await?;
        match answer.text("qr_code") {
            code if answer.is_success() && !code.is_empty() => Ok(PayCode::Qr { text: code.to_owned() }),
            _ => Err(answer.trouble()),
        }
    }

    async fn query(&self, payment_no: &str) -> Result<Found, Trouble> {
        let answer = self.call("alipay.trade.query", &json!({"out_trade_no": payment_no})).await?;
        if answer.is("ACQ.TRADE_NOT_EXIST") {
            return Ok(Found::Absent);
        }
        if !answer.is_success() {
            return Err(Trouble::Unknown(answer.trouble().to_string()));
        }
        if answer.text("out_trade_no") != payment_no {
            return Err(Trouble::Unknown("an answer about another payment".into()));
        }
        let receipt = || receipt(payment_no, answer.text("trade_no"), answer.text("total_amount"));
        found(answer.text("trade_status"), receipt).map_err(Trouble::Unknown)
    }

    async fn close(&self, payment_no: &str) -> Result<Closing, Trouble> {
        let answer = self.call("alipay.trade.close", &json!({"out_trade_no": payment_no})).await?;
        if answer.is_success() || answer.is("ACQ.TRADE_NOT_EXIST") {
            return Ok(Closing::Closed);
        }
        if !answer.is("ACQ.TRADE_STATUS_ERROR") {
            return Err(answer.trouble());
        }
        match self.query(payment_no).await? {
            Found::Paid(_) => Ok(Closing::Paid),
            Found::Closed | Found::Absent => Ok(Closing::Closed),
            Found::Unpaid => Err(Trouble::Unknown("it can be neither closed nor is it paid".into())),
        }
    }

    async fn refund(&self, refund: &Return) -> Result<Returned, Trouble> {
        let content = json!({
            "out_trade_no": refund.payment_no,
            "out_request_no": refund.refund_no,
            "refund_amount": refund.amount.decimal(),
            "refund_reason": refund.reason,
        });
        let answer = self.call("alipay.trade.refund", &content).await?;
        match answer.text("fund_change") {
            "Y" if answer.is_success() => Ok(Returned::Done),
            // Money that did not move by this call may have moved by one before.
            _ if answer.is_success() => self.query_refund(refund).await,
            _ => Err(answer.trouble()),
        }
    }

    async fn query_refund(&self, refund: &Return) -> Result<Returned, Trouble> {
        let content = json!({"out_trade_no": refund.payment_no, "out_request_no": refund.refund_no});
        let answer = self.call("alipay.trade.fastpay.refund.query", &content).await?;
        if !answer.is_success() {
            return Err(Trouble::Unknown(answer.trouble().to_string()));
        }
        let done = answer.text("refund_status") == "REFUND_SUCCESS";
        Ok(if done { Returned::Done } else { Returned::Absent })
    }

    async fn read(&self, notice: &RawNotice) -> Result<Notice, Forged> {
        self.read_notice(notice)
    }
}

pub(super) fn receipt(payment_no: &str, trade_no: &str, total_amount: &str) -> Result<Receipt, String> {
    if trade_no.is_empty() {
        return Err("without a number".into());
    }
    let amount = Fen::from_yuan(total_amount).map_err(|error| error.to_string())?;
    Ok(Receipt { payment_no: payment_no.to_owned(), provider_no: trade_no.to_owned(), amount })
}
