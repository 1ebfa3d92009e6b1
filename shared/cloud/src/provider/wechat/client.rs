//! The calls to the API.

use app::payments::PaymentProvider;
use app::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentConfirmation, PaymentStatus, ProviderError,
    RawCallback, RefundRequest, RefundStatus,
};
use async_trait::async_trait;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use data_encoding::HEXUPPER;
use domain::china_time;
use domain::money::Fen;
use domain::money::payment::PayCode;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::wire::{Amount, Prepaid, Prepay, Problem, RefundAmount, RefundOrder, Refunded, Transaction};
use super::{Wechat, authorization, request_message, signature};
use crate::provider::call::{Response, send};

/// A response whose signature has been verified, or an unsigned error.
struct Verified {
    status: u16,
    body: Vec<u8>,
}

impl Verified {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, ProviderError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| ProviderError::Unknown(format!("the response is malformed: {error}")))
    }

    fn problem(&self) -> String {
        serde_json::from_slice::<Problem>(&self.body).unwrap_or_default().code
    }

    const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// A 4xx is a definite refusal, except for rate limits; the outcome of every other status is unknown.
    fn error(&self) -> ProviderError {
        let code = self.problem();
        match self.status {
            400..=499 if self.status != 429 && code != "FREQUENCY_LIMITED" => ProviderError::Refused(code),
            status => ProviderError::Unknown(format!("{status} {code}")),
        }
    }
}

impl Wechat {
    /// Signs and sends a request. The response is not verified yet. `body` is empty for a GET.
    pub(super) async fn exchange(&self, method: &str, path: &str, body: String) -> Result<Response, ProviderError> {
        let (now, nonce) = (self.clock.now().as_second(), nonce());
        let message = request_message(method, path, now, &nonce, &body);
        let header = authorization(&self.merchant, &self.serial, &self.signer, &message, now, &nonce);
        let url = format!("{}{path}", self.base_url);
        let mut request = if method == "GET" { self.http.get(&url) } else { self.http.post(&url).body(body) };
        request = request.header("Authorization", header).header("Accept", "application/json");
        request = request.header("Content-Type", "application/json");
        if let Some(id) = &self.public_key_id {
            request = request.header("Wechatpay-Serial", id);
        }
        send(request).await
    }

    async fn call(&self, method: &str, path: &str, body: String) -> Result<Verified, ProviderError> {
        let response = self.exchange(method, path, body).await?;
        let signed = response.header("Wechatpay-Signature").is_some();
        // Only errors may be unsigned: they move no money, and WeChat does not sign its answer to an invalid signature.
        if response.status < 400 || signed {
            self.ensure_certificate(response.header("Wechatpay-Serial")).await;
            let now = self.clock.now();
            signature::verify(&self.keys.at(now), |name| response.header(name), &response.body, now.as_second())
                .map_err(|why| ProviderError::Unknown(format!("the response is not from WeChat: {why}")))?;
        }
        Ok(Verified { status: response.status, body: response.body })
    }

    fn confirmation(&self, transaction: &Transaction, payment_no: &str) -> Result<PaymentConfirmation, String> {
        if transaction.mchid != self.merchant || transaction.appid != self.app_id {
            return Err("the transaction is of another merchant".into());
        }
        if transaction.out_trade_no != payment_no {
            return Err("the transaction is of another payment".into());
        }
        let paid = transaction.amount.as_ref().filter(|paid| paid.currency == "CNY");
        let paid = paid.ok_or("the transaction has no amount in CNY")?;
        if transaction.transaction_id.is_empty() {
            return Err("the transaction has no number".into());
        }
        Ok(PaymentConfirmation {
            payment_no: payment_no.to_owned(),
            provider_no: transaction.transaction_id.clone(),
            amount: Fen::new(paid.total),
        })
    }

    /// Translates the trade state of a transaction, from a response or a callback.
    pub(super) fn payment_status(&self, transaction: &Transaction, payment_no: &str) -> Result<PaymentStatus, String> {
        match transaction.trade_state.as_str() {
            "SUCCESS" | "REFUND" => self.confirmation(transaction, payment_no).map(PaymentStatus::Paid),
            "CLOSED" | "REVOKED" => Ok(PaymentStatus::Closed),
            "NOTPAY" | "USERPAYING" | "ACCEPT" | "PAYERROR" => Ok(PaymentStatus::Unpaid),
            other => Err(format!("unknown trade state {other}")),
        }
    }
}

/// Serialises a body once: the same text is signed and sent.
fn text(body: &impl Serialize) -> Result<String, ProviderError> {
    serde_json::to_string(body).map_err(|error| ProviderError::Refused(error.to_string()))
}

fn nonce() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("the operating system provides random bytes");
    HEXUPPER.encode(&bytes)
}

/// An instant in the form `2024-01-15T14:06:56+08:00`.
fn rfc3339(at: Timestamp) -> String {
    china_time::local(at).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

/// Translates a refund status.
pub(super) fn refund_status(status: &str) -> RefundStatus {
    match status {
        "SUCCESS" => RefundStatus::Done,
        "PROCESSING" => RefundStatus::Processing,
        _ => RefundStatus::Abnormal,
    }
}

#[async_trait]
impl PaymentProvider for Wechat {
    async fn create(&self, charge: &ChargeRequest) -> Result<PayCode, ProviderError> {
        let prepay = Prepay {
            appid: &self.app_id,
            mchid: &self.merchant,
            description: &charge.subject,
            out_trade_no: &charge.payment_no,
            time_expire: rfc3339(charge.expires_at),
            notify_url: &self.notify_url,
            amount: Amount { total: charge.amount.get(), currency: "CNY" },
        };
        let response = self.call("POST", "/v3/pay/transactions/native", text(&prepay)?).await?;
        if !response.is_success() {
            return Err(response.error());
        }
        Ok(PayCode::Qr { text: response.parse::<Prepaid>()?.code_url })
    }

    async fn query(&self, payment_no: &str) -> Result<PaymentStatus, ProviderError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{payment_no}?mchid={}", self.merchant);
        let response = self.call("GET", &path, String::new()).await?;
        if response.is_success() {
            return self.payment_status(&response.parse()?, payment_no).map_err(ProviderError::Unknown);
        }
        let absent = matches!(response.problem().as_str(), "ORDER_NOT_EXIST" | "ORDERNOTEXIST");
        if absent { Ok(PaymentStatus::Absent) } else { Err(response.error()) }
    }

    async fn close(&self, payment_no: &str) -> Result<CloseOutcome, ProviderError> {
        let path = format!("/v3/pay/transactions/out-trade-no/{payment_no}/close");
        let response = self.call("POST", &path, text(&json!({"mchid": self.merchant}))?).await?;
        match response.problem().as_str() {
            _ if response.is_success() => Ok(CloseOutcome::Closed),
            "ORDERPAID" | "ORDER_PAID" => Ok(CloseOutcome::Paid),
            "ORDER_NOT_EXIST" | "ORDERNOTEXIST" | "ORDER_CLOSED" => Ok(CloseOutcome::Closed),
            _ => Err(response.error()),
        }
    }

    async fn refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let fen = refund.amount.get();
        let order = RefundOrder {
            out_trade_no: &refund.payment_no,
            out_refund_no: &refund.refund_no,
            reason: &refund.reason,
            notify_url: &self.notify_url,
            amount: RefundAmount { refund: fen, total: fen, currency: "CNY" },
        };
        let response = self.call("POST", "/v3/refund/domestic/refunds", text(&order)?).await?;
        self.refunded(&response, refund)
    }

    async fn query_refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let path = format!("/v3/refund/domestic/refunds/{}", refund.refund_no);
        let response = self.call("GET", &path, String::new()).await?;
        if response.problem() == "RESOURCE_NOT_EXISTS" {
            return Ok(RefundStatus::Absent);
        }
        self.refunded(&response, refund)
    }

    async fn verify_callback(&self, callback: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        self.ensure_certificate(callback.header("Wechatpay-Serial")).await;
        self.parse_callback(callback, self.clock.now())
    }
}

impl Wechat {
    /// Translates the response to a refund or its query.
    fn refunded(&self, response: &Verified, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        if !response.is_success() {
            return Err(response.error());
        }
        let refunded: Refunded = response.parse()?;
        if refunded.out_refund_no != refund.refund_no {
            return Err(ProviderError::Unknown("the response is about another refund".into()));
        }
        Ok(refund_status(&refunded.status))
    }
}
