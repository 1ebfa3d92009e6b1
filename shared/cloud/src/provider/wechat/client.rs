//! The calls.

use app::payments::PayProvider;
use app::payments::provider::{Charge, Closing, Forged, Found, Notice, RawNotice, Receipt, Return, Returned, Trouble};
use async_trait::async_trait;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use domain::china_time;
use domain::money::Fen;
use domain::money::payment::PayCode;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::wire::{Amount, Prepaid, Prepay, Problem, RefundAmount, RefundOrder, Refunded, Transaction};
use super::{Wechat, authorization, request_message, signature};
use crate::provider::call::{Answer, send};

/// An answer that was verified.
struct Verified {
    status: u16,
    body: Vec<u8>,
}

impl Verified {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, Trouble> {
        serde_json::from_slice(&self.body).map_err(|error| Trouble::Unknown(format!("unreadable answer: {error}")))
    }

    fn problem(&self) -> String {
        serde_json::from_slice::<Problem>(&self.body).unwrap_or_default().code
    }

    const fn is_success(&self) -> bool {
        self.status >= 200 && self.status < 300
    }

    /// A 4xx is a definite no, except when it only says "not now".
    fn trouble(&self) -> Trouble {
        let code = self.problem();
        match self.status {
            400..=499 if self.status != 429 && code != "FREQUENCY_LIMITED" => Trouble::Refused(code),
            status => Trouble::Unknown(format!("{status} {code}")),
        }
    }
}

impl Wechat {
    /// Signs and sends; believes nothing yet. `body` is empty for a GET.
    pub(super) async fn exchange(&self, method: &str, path: &str, body: String) -> Result<Answer, Trouble> {
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

    async fn call(&self, method: &str, path: &str, body: String) -> Result<Verified, Trouble> {
        let answer = self.exchange(method, path, body).await?;
        let signed = answer.header("Wechatpay-Signature").is_some();
        // Only a refusal may come unsigned: it moves no money, and one for a bad signature cannot be addressed to us.
        if answer.status < 400 || signed {
            self.learn(answer.header("Wechatpay-Serial")).await;
            let now = self.clock.now();
            signature::verify(&self.keys.at(now), |name| answer.header(name), &answer.body, now.as_second())
                .map_err(|why| Trouble::Unknown(format!("an answer that is not the provider's: {why}")))?;
        }
        Ok(Verified { status: answer.status, body: answer.body })
    }

    fn receipt(&self, transaction: &Transaction, payment_no: &str) -> Result<Receipt, String> {
        if transaction.mchid != self.merchant || transaction.appid != self.app_id {
            return Err("for another merchant".into());
        }
        if transaction.out_trade_no != payment_no {
            return Err("of another payment".into());
        }
        let paid = transaction.amount.as_ref().filter(|paid| paid.currency == "CNY");
        let paid = paid.ok_or("without an amount in yuan")?;
        if transaction.transaction_id.is_empty() {
            return Err("without a number".into());
        }
        Ok(Receipt {
            payment_no: payment_no.to_owned(),
            provider_no: transaction.transaction_id.clone(),
            amount: Fen::new(paid.total),
        })
    }

    /// What a transaction says, of an answer or of a callback.
    pub(super) fn found(&self, transaction: &Transaction, payment_no: &str) -> Result<Found, String> {
        match transaction.trade_state.as_str() {
            "SUCCESS" | "REFUND" => self.receipt(transaction, payment_no).map(Found::Paid),
            "CLOSED" | "REVOKED" => Ok(Found::Closed),
            "NOTPAY" | "USERPAYING" | "ACCEPT" | "PAYERROR" => Ok(Found::Unpaid),
            other => Err(format!("in an unknown state {other}")),
        }
    }
}

/// A body is turned into text once; the text is signed and sent.
fn text(body: &impl Serialize) -> Result<String, Trouble> {
    serde_json::to_string(body).map_err(|error| Trouble::Refused(error.to_string()))
}

fn nonce() -> String {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).expect("the operating system has randomness");
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

/// `2024-01-15T14:06:56+08:00`
fn rfc3339(at: Timestamp) -> String {
    china_time::local(at).strftime("%Y-%m-%dT%H:%M:%S+08:00").to_string()
}

pub(super) fn returned(status: &str) -> Returned {
    match status {
        "SUCCESS" => Returned::Done,
        "PROCESSING" => Returned::Processing,
        _ => Returned::Abnormal,
    }
}

#[async_trait]
impl PayProvider for Wechat {
    async fn create(&self, charge: &Charge) -> Result<PayCode, Trouble> {
        let prepay = Prepay {
            appid: &self.app_id,
            mchid: &self.merchant,
            description: &charge.subject,
            out_trade_no: &charge.payment_no,
            time_expire: rfc3339(charge.expires_at),
            notify_url: &self.notify_url,
            amount: Amount { total: charge.amount.get(), currency: "CNY" },
        };
        let answer = self.call("POST", "/v3/pay/transactions/native", text(&prepay)?).await?;
        if !answer.is_success() {
            return Err(answer.trouble());
        }
        Ok(PayCode::Qr { text: answer.parse::<Prepaid>()?.code_url })
    }

    async fn query(&self, payment_no: &str) -> Result<Found, Trouble> {
        let path = format!("/v3/pay/transactions/out-trade-no/{payment_no}?mchid={}", self.merchant);
        let answer = self.call("GET", &path, String::new()).await?;
        if answer.is_success() {
            return self.found(&answer.parse()?, payment_no).map_err(Trouble::Unknown);
        }
        let absent = matches!(answer.problem().as_str(), "ORDER_NOT_EXIST" | "ORDERNOTEXIST");
        if absent { Ok(Found::Absent) } else { Err(answer.trouble()) }
    }

    async fn close(&self, payment_no: &str) -> Result<Closing, Trouble> {
        let path = format!("/v3/pay/transactions/out-trade-no/{payment_no}/close");
        let answer = self.call("POST", &path, text(&json!({"mchid": self.merchant}))?).await?;
        match answer.problem().as_str() {
            _ if answer.is_success() => Ok(Closing::Closed),
            "ORDERPAID" | "ORDER_PAID" => Ok(Closing::Paid),
            "ORDER_NOT_EXIST" | "ORDERNOTEXIST" | "ORDER_CLOSED" => Ok(Closing::Closed),
            _ => Err(answer.trouble()),
        }
    }

    async fn refund(&self, refund: &Return) -> Result<Returned, Trouble> {
        let fen = refund.amount.get();
        let order = RefundOrder {
            out_trade_no: &refund.payment_no,
            out_refund_no: &refund.refund_no,
            reason: &refund.reason,
            notify_url: &self.notify_url,
            amount: RefundAmount { refund: fen, total: fen, currency: "CNY" },
        };
        let answer = self.call("POST", "/v3/refund/domestic/refunds", text(&order)?).await?;
        self.refunded(&answer, refund)
    }

    async fn query_refund(&self, refund: &Return) -> Result<Returned, Trouble> {
        let path = format!("/v3/refund/domestic/refunds/{}", refund.refund_no);
        let answer = self.call("GET", &path, String::new()).await?;
        if answer.problem() == "RESOURCE_NOT_EXISTS" {
            return Ok(Returned::Absent);
        }
        self.refunded(&answer, refund)
    }

    async fn read(&self, notice: &RawNotice) -> Result<Notice, Forged> {
        self.learn(notice.header("Wechatpay-Serial")).await;
        self.read_notice(notice, self.clock.now())
    }
}

impl Wechat {
    fn refunded(&self, answer: &Verified, refund: &Return) -> Result<Returned, Trouble> {
        if !answer.is_success() {
            return Err(answer.trouble());
        }
        let refunded: Refunded = answer.parse()?;
        if refunded.out_refund_no != refund.refund_no {
            return Err(Trouble::Unknown("an answer about another refund".into()));
        }
        Ok(returned(&refunded.status))
    }
}
