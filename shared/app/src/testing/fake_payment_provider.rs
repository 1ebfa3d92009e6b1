//! A payment provider in memory. It keeps its own trades and signs its callbacks with a secret.

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::money::Fen;
use domain::money::number::PaymentNumber;
use domain::money::payment::PayCode;

use super::fake_calls::FakeCalls;
use crate::payments::PaymentProvider;
use crate::payments::provider::{
    ChargeRequest, CloseOutcome, InvalidSignature, PaymentCallback, PaymentConfirmation, PaymentStatus, ProviderError,
    RawCallback, RefundRequest, RefundStatus, Scene,
};
use crate::store::FaultPlan;

const SECRET: &str = "the provider's secret";

/// The state of a trade, as the provider has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TradeState {
    Unpaid,
    Closed,
    Paid,
    Refunded,
}

#[derive(Debug, Default)]
pub(crate) struct FakePaymentProvider(FakeCalls<State>);

#[derive(Debug, Default)]
struct State {
    trades: BTreeMap<PaymentNumber, (Fen, TradeState)>,
    slow_refunds: bool,
}

impl FakePaymentProvider {
    /// Where calls are made to fail.
    pub(crate) fn faults(&self) -> &FaultPlan {
        &self.0.faults
    }

    /// From now on a refund is only accepted, and is done when it is queried.
    pub(crate) fn make_refunds_slow(&self) {
        self.0.state().slow_refunds = true;
    }

    /// The customer scans the code and pays. Returns whether the trade was open.
    pub(crate) fn scan(&self, payment_no: &PaymentNumber) -> bool {
        match self.0.state().trades.get_mut(payment_no) {
            Some((_, trade @ TradeState::Unpaid)) => {
                *trade = TradeState::Paid;
                true
            }
            _ => false,
        }
    }

    /// The provider takes money for a trade that is closed or unknown to it. Real providers have done that.
    pub(crate) fn pay_anyway(&self, payment_no: &PaymentNumber, amount: Fen) {
        self.0.state().trades.insert(payment_no.clone(), (amount, TradeState::Paid));
    }

    /// All trades, with amount and state.
    pub(crate) fn trades(&self) -> BTreeMap<PaymentNumber, (Fen, TradeState)> {
        self.0.state().trades.clone()
    }

    /// The callback that confirms a payment.
    pub(crate) fn callback(&self, payment_no: &PaymentNumber) -> RawCallback {
        let (amount, _) = self.trades()[payment_no];
        signed_callback(&format!("{payment_no} {}", amount.get()))
    }
}

/// A callback with this body and a valid signature.
pub(crate) fn signed_callback(body: &str) -> RawCallback {
    let headers = vec![("Signature".to_owned(), format!("{SECRET}: {body}"))];
    RawCallback { headers, body: body.as_bytes().to_vec() }
}

fn confirmation(payment_no: &str, amount: Fen) -> PaymentConfirmation {
    PaymentConfirmation { payment_no: payment_no.to_owned(), provider_no: format!("fake-{payment_no}"), amount }
}

fn parse(payment_no: &str) -> PaymentNumber {
    payment_no.parse().unwrap()
}

#[async_trait]
impl PaymentProvider for FakePaymentProvider {
    async fn create(&self, charge: &ChargeRequest) -> Result<PayCode, ProviderError> {
        let effect = |state: &mut State| {
            let unpaid = (charge.amount, TradeState::Unpaid);
            let trade = state.trades.entry(parse(&charge.payment_no)).or_insert(unpaid);
            if trade.0 != charge.amount {
                return Err(ProviderError::Refused("another amount under the same number".into()));
            }
            let url = format!("fake://{}", charge.payment_no);
            Ok(match charge.scene {
                Scene::Qr => PayCode::Qr { text: url },
                Scene::Page { .. } => PayCode::Page { url },
            })
        };
        self.0.call(effect).await
    }

    async fn query(&self, payment_no: &str) -> Result<PaymentStatus, ProviderError> {
        let effect = |state: &mut State| {
            Ok(match state.trades.get(&parse(payment_no)) {
                None => PaymentStatus::Absent,
                Some((_, TradeState::Unpaid)) => PaymentStatus::Unpaid,
                Some((_, TradeState::Closed)) => PaymentStatus::Closed,
                Some((amount, TradeState::Paid | TradeState::Refunded)) => {
                    PaymentStatus::Paid(confirmation(payment_no, *amount))
                }
            })
        };
        self.0.call(effect).await
    }

    async fn close(&self, payment_no: &str) -> Result<CloseOutcome, ProviderError> {
        let effect = |state: &mut State| {
            Ok(match state.trades.get_mut(&parse(payment_no)) {
                Some((_, TradeState::Paid | TradeState::Refunded)) => CloseOutcome::Paid,
                Some((_, trade)) => {
                    *trade = TradeState::Closed;
                    CloseOutcome::Closed
                }
                None => CloseOutcome::Closed,
            })
        };
        self.0.call(effect).await
    }

    async fn refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let effect = |state: &mut State| {
            let is_slow = state.slow_refunds;
            match state.trades.get_mut(&parse(&refund.payment_no)) {
                Some((amount, trade @ (TradeState::Paid | TradeState::Refunded))) if *amount == refund.amount => {
                    *trade = TradeState::Refunded;
                    Ok(if is_slow { RefundStatus::Processing } else { RefundStatus::Done })
                }
                _ => Err(ProviderError::Refused("nothing to refund".into())),
            }
        };
        self.0.call(effect).await
    }

    async fn query_refund(&self, refund: &RefundRequest) -> Result<RefundStatus, ProviderError> {
        let effect = |state: &mut State| {
            Ok(match state.trades.get(&parse(&refund.payment_no)) {
                Some((_, TradeState::Refunded)) => RefundStatus::Done,
                _ => RefundStatus::Absent,
            })
        };
        self.0.call(effect).await
    }

    async fn verify_callback(&self, callback: &RawCallback) -> Result<PaymentCallback, InvalidSignature> {
        let body = String::from_utf8(callback.body.clone()).map_err(|_| InvalidSignature("not text".into()))?;
        if callback.header("signature") != Some(&format!("{SECRET}: {body}")) {
            return Err(InvalidSignature("signature".into()));
        }
        let (no, amount) = body.split_once(' ').ok_or_else(|| InvalidSignature("form".into()))?;
        let amount = amount.parse().map_err(|_| InvalidSignature("amount".into()))?;
        Ok(PaymentCallback::Paid(confirmation(no, Fen::new(amount))))
    }
}
