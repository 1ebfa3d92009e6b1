//! What payments pay for: orders and recharges. This module is above all of them, so that payments know neither orders
//! nor recharges.

use std::sync::Arc;

use async_trait::async_trait;
use domain::money::payment::{Payment, Purpose};
use jiff::Timestamp;

use crate::failure::Failure;
use crate::ledger::MoneyContext;
use crate::payments::{PaymentProvider, PaymentService, SettlementTarget};
use crate::store::Change;
use crate::{orders, recharges};

/// Settles payments of orders and of recharges.
#[derive(Debug, Clone)]
pub struct Checkout {
    money: MoneyContext,
}

impl Checkout {
    /// A target that reads and writes orders and recharges of this money context.
    pub const fn new(money: MoneyContext) -> Self {
        Self { money }
    }
}

/// The payment service for orders and recharges.
pub fn payment_service(
    money: MoneyContext,
    wechat: Arc<dyn PaymentProvider>,
    alipay: Arc<dyn PaymentProvider>,
) -> PaymentService {
    PaymentService { target: Arc::new(Checkout::new(money.clone())), money, wechat, alipay }
}

#[async_trait]
impl SettlementTarget for Checkout {
    async fn awaits(&self, payment: &Payment) -> Result<bool, Failure> {
        let store = &*self.money.store;
        match &payment.purpose {
            Purpose::Order { no } => orders::awaits(store, no, payment).await,
            Purpose::Recharge { no } => recharges::awaits(store, no, payment).await,
        }
    }

    async fn settle(&self, payment: &Payment, now: Timestamp) -> Result<Option<Vec<Change>>, Failure> {
        let store = &*self.money.store;
        match &payment.purpose {
            Purpose::Order { no } => orders::settle(store, no, payment, now).await,
            Purpose::Recharge { no } => recharges::settle(store, no, payment, now).await,
        }
    }

    async fn complete_refund(&self, payment: &Payment, now: Timestamp) -> Result<Vec<Change>, Failure> {
        orders::complete_refund(&*self.money.store, payment.purpose.no(), payment, now).await
    }
}
