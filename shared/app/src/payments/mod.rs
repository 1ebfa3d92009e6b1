//! Payments at WeChat Pay and Alipay.
//!
//! A payment is written before its provider is called. Every answer, from a callback or from a poll, goes through [`settle()`]. An
//! unknown outcome leaves the payment unchanged until a callback or a poll resolves it. Money that is not needed any more becomes
//! a refund in the commit that records its arrival.
//!
//! This module does not know what a payment pays for: that is a [`SettlementTarget`].

mod callback;
mod poll;
pub mod provider;
pub mod refund;
mod settle;
mod submit;
mod target;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use domain::money::payment::Provider;

pub use callback::{CallbackRejected, handle_callback};
pub use poll::{OUTCOME_UNCLEAR, PaymentOutcome, ensure_closed, poll_status};
pub use provider::PaymentProvider;
pub use settle::{SettleOutcome, settle};
pub use submit::{SubmittedPayment, submit};
pub use target::SettlementTarget;

use crate::ledger::MoneyContext;

/// The money context together with the payment providers and what payments pay for.
#[derive(Clone)]
pub struct PaymentService {
    /// Store, clock, random numbers and prices.
    pub money: MoneyContext,
    /// WeChat Pay.
    pub wechat: Arc<dyn PaymentProvider>,
    /// Alipay.
    pub alipay: Arc<dyn PaymentProvider>,
    /// What payments pay for.
    pub target: Arc<dyn SettlementTarget>,
}

impl std::fmt::Debug for PaymentService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaymentService").field("money", &self.money).finish_non_exhaustive()
    }
}

impl PaymentService {
    /// The adapter of one provider.
    pub fn provider(&self, provider: Provider) -> &dyn PaymentProvider {
        match provider {
            Provider::Wechat => &*self.wechat,
            Provider::Alipay => &*self.alipay,
        }
    }
}
