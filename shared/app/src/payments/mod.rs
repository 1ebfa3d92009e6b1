//! What WeChat Pay and Alipay do for us, and what we believe of it.
//!
//! A payment is written before its provider hears of it. What comes back, whether by callback or because we asked, runs through
//! [`settle()`]; an outcome nobody knows changes nothing until somebody tells. Money for which nothing is owed any more becomes a
//! refund in the same commit that notes its arrival.

mod ask;
mod callback;
pub mod provider;
pub mod refund;
mod settle;
mod submit;
pub mod sweep;
#[cfg(test)]
pub(crate) mod tests;

use std::sync::Arc;

use domain::money::payment::Provider;

pub use ask::{Ended, UNCLEAR, ask, end};
pub use callback::{CallbackRejected, handle_callback};
pub use provider::PaymentProvider;
pub use settle::{Settled, settle};
pub use submit::{Opened, submit};

use crate::books::MoneyContext;
use crate::orders::OrderPhotos;

/// A money with the outside world it takes money from, and the photos it takes it for.
#[derive(Clone)]
pub struct PaymentService {
    pub money: MoneyContext,
    pub wechat: Arc<dyn PaymentProvider>,
    pub alipay: Arc<dyn PaymentProvider>,
    pub photos: Arc<dyn OrderPhotos>,
}

impl std::fmt::Debug for PaymentService {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaymentService").field("money", &self.money).finish_non_exhaustive()
    }
}

impl PaymentService {
    pub fn at(&self, provider: Provider) -> &dyn PaymentProvider {
        match provider {
            Provider::Wechat => &*self.wechat,
            Provider::Alipay => &*self.alipay,
        }
    }
}
