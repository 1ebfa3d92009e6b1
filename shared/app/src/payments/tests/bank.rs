//! A provider in memory that keeps its own books and fails when told to. What it says is signed with a word only it knows.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::money::Fen;
use domain::money::payment::PayCode;

use super::port::Port;
use crate::payments::PaymentProvider;
use crate::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentConfirmation, PaymentStatus, ProviderError,
    RawCallback, RefundRequest, RefundStatus, Scene,
};
use crate::store::FaultPlan;

const WORD: &str = "only the bank knows";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trade {
    Unpaid,
    Closed,
    Paid,
    Refunded,
}

#[derive(Debug, Default)]
pub struct Bank(Port<State>);

#[derive(Debug, Default)]
struct State {
    trades: BTreeMap<String, (Fen, Trade)>,
    /// Refunds are accepted and done at the next question, or done at once.
    slow_refunds: bool,
}

impl Bank {
    pub fn plan(&self) -> &FaultPlan {
        &self.0.plan
    }

    pub fn slow_refunds(&self) {
        self.0.books().slow_refunds = true;
    }

    /// The customer scans and pays, if the trade is open.
    pub fn scan(&self, payment_no: &str) -> bool {
        match self.0.books().trades.get_mut(payment_no) {
            Some((_, trade @ Trade::Unpaid)) => {
                *trade = Trade::Paid;
                true
            }
            _ => false,
        }
    }

    /// Paid although it was closed or never heard of: providers have done that.
    pub fn pay_anyway(&self, payment_no: &str, amount: Fen) {
        self.0.books().trades.insert(payment_no.to_owned(), (amount, Trade::Paid));
    }

    pub fn trades(&self) -> BTreeMap<String, (Fen, Trade)> {
        self.0.books().trades.clone()
    }

    pub fn notice(&self, payment_no: &str) -> RawCallback {
        let (amount, _) = self.trades()[payment_no];
        signed(&format!("{payment_no} {}", amount.get()))
    }
}

pub fn signed(body: &str) -> RawCallback {
    let headers = vec![("Signature".to_owned(), format!("{WORD}: {body}"))];
    RawCallback { headers, body: body.as_bytes().to_vec() }
}

fn confirmation(payment_no: &str, amount: Fen) -> PaymentConfirmation {
    PaymentConfirmation { payment_no: payment_no.to_owned(), provider_no: format!("bank-{payment_no}"), amount }
}

#[async_trait]
impl PaymentProvider for Bank {
    async fn create(&self, charge: &ChargeRequest) -> Result<PayCode, ProviderError> {
        let done = self.0.call(|state| {
            let trade = state.trades.entry(charge.payment_no.clone()).or_insert((charge.amount, Trade::Unpaid));
            if trade.0 != charge.amount {
                return Err(ProviderError::Refused("another amount under the same number".into()));
            }
            let place = format!("bank://{}", charge.payment_no);
            Ok(match charge.scene {
                Scene::Qr => PayCode::Qr { text: place },
                Scene::Page { .. } => PayCode::Page { url: place },
            })
        });
        done.await
    }

    async fn query(&self, payment_no: &str) -> Result<PaymentStatus, ProviderError> {
        let done = self.0.call(|state| {
            Ok(match state.trades.get(payment_no) {
                None => PaymentStatus::Absent,
                Some((_, Trade::Unpaid)) => PaymentStatus::Unpaid,
                Some((_, Trade::Closed)) => PaymentStatus::Closed,
                Some((amount, Trade::Paid | Trade::Refunded)) => PaymentStatus::Paid(confirmation(payment_no, *amount)),
            })
        });
        done.await
    }

    async fn close(&self, payment_no: &str) -> Result<CloseOutcome, ProviderError> {
        let done = self.0.call(|state| {
            Ok(match state.trades.get_mut(payment_no) {
                Some((_, Trade::Paid | Trade::Refunded)) => CloseOutcome::Paid,
                Some((_, trade)) => {
                    *trade = Trade::Closed;
                    CloseOutcome::Closed
                }
                None => CloseOutcome::Closed,
            })
        });
        done.await
    }

    async fn refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let done = self.0.call(|state| {
            let slow = state.slow_refunds;
            match state.trades.get_mut(&refund.payment_no) {
                Some((amount, trade @ (Trade::Paid | Trade::Refunded))) if *amount == refund.amount => {
                    *trade = Trade::Refunded;
                    Ok(if slow { RefundStatus::Processing } else { RefundStatus::Done })
                }
                _ => Err(ProviderError::Refused("nothing to refund".into())),
            }
        });
        done.await
    }

    async fn query_refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let done = self.0.call(|state| {
            Ok(match state.trades.get(&refund.payment_no) {
                Some((_, Trade::Refunded)) => RefundStatus::Done,
                _ => RefundStatus::Absent,
            })
        });
        done.await
    }

    async fn verify_callback(&self, notice: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        let body = String::from_utf8(notice.body.clone()).map_err(|_| InvalidSignature("not text".into()))?;
        if notice.header("signature") != Some(&format!("{WORD}: {body}")) {
            return Err(InvalidSignature("signature".into()));
        }
        let (no, amount) = body.split_once(' ').ok_or_else(|| InvalidSignature("shape".into()))?;
        let amount = amount.parse().map_err(|_| InvalidSignature("amount".into()))?;
        Ok(PaymentCallback::Paid(confirmation(no, Fen::new(amount))))
    }
}
