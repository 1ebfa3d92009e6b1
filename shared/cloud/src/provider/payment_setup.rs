//! Builds the payment service from the environment and from the secret of the payment providers.

use std::sync::Arc;

use app::checkout;
use app::clock::SystemClock;
use app::key_derivation::WeakSecret;
use app::ledger::MoneyContext;
use app::payments::PaymentService;
use app::random::Random;
use data_encoding::HEXLOWER_PERMISSIVE;
use domain::money::price::PriceList;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

use super::alipay::{self, Alipay};
use super::rsa::InvalidKey;
use super::wechat::{self, Wechat};
use crate::adapters::Cloud;
use crate::config::MissingVariable;
use crate::secrets::{self, SecretError};

/// The content of the secret that `PAYMENTS_SECRET` names, as JSON.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentsSecret {
    /// WeChat Pay.
    pub wechat: wechat::Settings,
    /// Alipay.
    pub alipay: alipay::Settings,
    /// 64 hexadecimal characters; seals the cursors of lists.
    pub cursor_key: SecretString,
}

/// The configuration of a function is incomplete or unusable. The texts contain no part of a secret.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// An environment variable is not set.
    #[error(transparent)]
    MissingVariable(#[from] MissingVariable),
    /// The variable `PRICES` is not a price list.
    #[error("PRICES is not a price list: {0}")]
    Prices(serde_json::Error),
    /// The secret could not be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The secret does not have its documented form. The parser's message is left out: it can quote the secret.
    #[error("the secret does not have the documented form")]
    SecretForm,
    /// A key in the secret is unusable.
    #[error(transparent)]
    Key(#[from] InvalidKey),
    /// The messages' secret is too short.
    #[error(transparent)]
    Weak(#[from] WeakSecret),
}

/// What the functions that handle payments need.
pub struct PaymentSetup {
    /// Use cases and both payment providers.
    pub payments: PaymentService,
    /// Seals the cursors of lists.
    pub cursor_key: [u8; 32],
}

impl std::fmt::Debug for PaymentSetup {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PaymentSetup").field("payments", &self.payments).finish_non_exhaustive()
    }
}

/// The context of the money use cases without providers, with the prices from the variable `PRICES`.
///
/// # Errors
///
/// [`ConfigError`] if `PRICES` is not set or is not a price list.
pub fn money(cloud: &Cloud, random: Arc<dyn Random>) -> Result<MoneyContext, ConfigError> {
    let prices = std::env::var("PRICES").map_err(|_| MissingVariable("PRICES".into()))?;
    let prices: PriceList = serde_json::from_str(&prices).map_err(ConfigError::Prices)?;
    Ok(MoneyContext { store: cloud.store.clone(), clock: cloud.clock.clone(), random, prices })
}

impl PaymentSetup {
    /// Reads `PAYMENTS_SECRET` and `PRICES` and builds both providers' clients.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a variable, the secret or a key in it is missing or unusable.
    pub async fn load(cloud: &Cloud, random: Arc<dyn Random>) -> Result<Self, ConfigError> {
        let secret = secrets::read(&cloud.sdk, "PAYMENTS_SECRET").await?;
        let secret: PaymentsSecret = serde_json::from_str(&secret).map_err(|_| ConfigError::SecretForm)?;
        Self::from_secret(money(cloud, random)?, secret)
    }

    /// Builds both providers' clients from a secret that has been read.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a key in the secret is unusable.
    pub fn from_secret(money: MoneyContext, secret: PaymentsSecret) -> Result<Self, ConfigError> {
        let cursor_key = key(&secret.cursor_key).ok_or(ConfigError::SecretForm)?;
        let clock = Arc::new(SystemClock);
        let wechat = Arc::new(Wechat::new(secret.wechat, clock.clone())?);
        let alipay = Arc::new(Alipay::new(secret.alipay, clock)?);
        let payments = checkout::payment_service(money, wechat, alipay);
        Ok(Self { payments, cursor_key })
    }
}

/// The 32 bytes of a key written as 64 hexadecimal characters; `None` if it is anything else.
pub(super) fn key(hex: &SecretString) -> Option<[u8; 32]> {
    HEXLOWER_PERMISSIVE.decode(hex.expose_secret().as_bytes()).ok()?.try_into().ok()
}
