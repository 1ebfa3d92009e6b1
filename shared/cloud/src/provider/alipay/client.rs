//! The calls to the gateway.

use std::collections::BTreeMap;

use app::payments::PaymentProvider;
use app::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentConfirmation, PaymentStatus, ProviderError,
    RawCallback, RefundRequest, RefundStatus, Scene,
};
use async_trait::async_trait;
use domain::china_time;
use domain::money::Fen;
use domain::money::payment::PayCode;
use serde_json::{Value, json};
use url::form_urlencoded::Serializer;

use super::{Alipay, request_text, signed_part};
use crate::provider::call::send;

/// A response whose signature has been verified.
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

    /// Codes 4xxxx are definite refusals, except when the gateway is only busy; the outcome of every other code is unknown.
    fn error(&self) -> ProviderError {
        let text = format!("{} {}", self.text("code"), self.text("sub_code"));
        match self.text("code") {
            "40001" | "40002" | "40003" | "40006" => ProviderError::Refused(text),
            "40004" if !self.is("ACQ.SYSTEM_ERROR") => ProviderError::Refused(text),
            _ => ProviderError::Unknown(text),
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
        let signature = self.signer.sign(request_text(&parameters).as_bytes());
        parameters.insert("sign".into(), signature);
        parameters
    }

    async fn call(&self, method: &str, content: &Value) -> Result<Verified, ProviderError> {
        let form = encoded(&self.parameters(method, content, None).await);
        let request = self.http.post(&self.gateway).body(form);
        let response = send(request.header("Content-Type", "application/x-www-form-urlencoded;charset=utf-8")).await?;
        if response.status != 200 {
            return Err(ProviderError::Unknown(format!("status {}", response.status)));
        }
        let text =
            String::from_utf8(response.body).map_err(|_| ProviderError::Unknown("the response is not UTF-8".into()))?;
        self.verified(&text, &format!("{}_response", method.replace('.', "_")))
    }

    /// The signed part of a response, if the signature is Alipay's. Unsigned responses (`error_response`) are errors.
    pub(super) fn verified_text<'a>(&self, text: &'a str, node: &str) -> Result<&'a str, ProviderError> {
        let forged = |why: &str| ProviderError::Unknown(format!("the response is not from Alipay: {why}"));
        let whole: Value = serde_json::from_str(text).map_err(|_| forged("it is not JSON"))?;
        if whole.get("error_response").is_some() {
            return Err(ProviderError::Unknown("the gateway refused the request".into()));
        }
        let part = signed_part(text, node).ok_or_else(|| forged("it does not contain exactly one result"))?;
        let signature = whole.get("sign").and_then(Value::as_str).ok_or_else(|| forged("it has no signature"))?;
        if self.key.verifies(part.as_bytes(), signature) {
            Ok(part)
        } else {
            Err(forged("the signature does not verify"))
        }
    }

    fn verified(&self, text: &str, node: &str) -> Result<Verified, ProviderError> {
        let part = self.verified_text(text, node)?;
        serde_json::from_str(part).map(Verified).map_err(|error| ProviderError::Unknown(error.to_string()))
    }

    /// The business parameters of a payment.
    fn content(charge: &ChargeRequest) -> Value {
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

/// Translates a trade status; `confirmation` is called only for a paid trade.
pub(super) fn payment_status(
    status: &str,
    confirmation: impl FnOnce() -> Result<PaymentConfirmation, String>,
) -> Result<PaymentStatus, String> {
    match status {
        "TRADE_SUCCESS" | "TRADE_FINISHED" => confirmation().map(PaymentStatus::Paid),
        "WAIT_BUYER_PAY" => Ok(PaymentStatus::Unpaid),
        "TRADE_CLOSED" => Ok(PaymentStatus::Closed),
        other => Err(format!("unknown trade status {other}")),
    }
}

#[async_trait]
impl PaymentProvider for Alipay {
    async fn create(&self, charge: &ChargeRequest) -> Result<PayCode, ProviderError> {
        let mut content = Self::content(charge);
        if let Scene::Page { return_url } = &charge.scene {
            content["product_code"] = "FAST_INSTANT_TRADE_PAY".into();
            let parameters = self.parameters("alipay.trade.page.pay", &content, return_url.as_deref()).await;
            return Ok(PayCode::Page { url: format!("{}?{}", self.gateway, encoded(&parameters)) });
        }
        let response = self.call("alipay.trade.precreate", &content).await?;
        match response.text("qr_code") {
            code if response.is_success() && !code.is_empty() => Ok(PayCode::Qr { text: code.to_owned() }),
            _ => Err(response.error()),
        }
    }

    async fn query(&self, payment_no: &str) -> Result<PaymentStatus, ProviderError> {
        let response = self.call("alipay.trade.query", &json!({"out_trade_no": payment_no})).await?;
        if response.is("ACQ.TRADE_NOT_EXIST") {
            return Ok(PaymentStatus::Absent);
        }
        if !response.is_success() {
            return Err(ProviderError::Unknown(response.error().to_string()));
        }
        if response.text("out_trade_no") != payment_no {
            return Err(ProviderError::Unknown("the response is about another payment".into()));
        }
        let confirmation = || confirmation(payment_no, response.text("trade_no"), response.text("total_amount"));
        payment_status(response.text("trade_status"), confirmation).map_err(ProviderError::Unknown)
    }

    async fn close(&self, payment_no: &str) -> Result<CloseOutcome, ProviderError> {
        let response = self.call("alipay.trade.close", &json!({"out_trade_no": payment_no})).await?;
        if response.is_success() || response.is("ACQ.TRADE_NOT_EXIST") {
            return Ok(CloseOutcome::Closed);
        }
        if !response.is("ACQ.TRADE_STATUS_ERROR") {
            return Err(response.error());
        }
        match self.query(payment_no).await? {
            PaymentStatus::Paid(_) => Ok(CloseOutcome::Paid),
            PaymentStatus::Closed | PaymentStatus::Absent => Ok(CloseOutcome::Closed),
            PaymentStatus::Unpaid => Err(ProviderError::Unknown("the payment was neither closed nor paid".into())),
        }
    }

    async fn refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let content = json!({
            "out_trade_no": refund.payment_no,
            "out_request_no": refund.refund_no,
            "refund_amount": refund.amount.decimal(),
            "refund_reason": refund.reason,
        });
        let response = self.call("alipay.trade.refund", &content).await?;
        match response.text("fund_change") {
            "Y" if response.is_success() => Ok(RefundStatus::Done),
            // `fund_change` N: no money moved in this call, but an earlier call can have refunded it.
            _ if response.is_success() => self.query_refund(refund).await,
            _ => Err(response.error()),
        }
    }

    async fn query_refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let content = json!({"out_trade_no": refund.payment_no, "out_request_no": refund.refund_no});
        let response = self.call("alipay.trade.fastpay.refund.query", &content).await?;
        if !response.is_success() {
            return Err(ProviderError::Unknown(response.error().to_string()));
        }
        let done = response.text("refund_status") == "REFUND_SUCCESS";
        Ok(if done { RefundStatus::Done } else { RefundStatus::Absent })
    }

    async fn verify_callback(&self, callback: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        self.parse_callback(callback)
    }
}

pub(super) fn confirmation(
    payment_no: &str,
    trade_no: &str,
    total_amount: &str,
) -> Result<PaymentConfirmation, String> {
    if trade_no.is_empty() {
        return Err("the trade has no number".into());
    }
    let amount = Fen::from_yuan(total_amount).map_err(|error| error.to_string())?;
    Ok(PaymentConfirmation { payment_no: payment_no.to_owned(), provider_no: trade_no.to_owned(), amount })
}
