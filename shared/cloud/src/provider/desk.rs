//! From the environment and the payments' secret to a money with its providers.

use std::sync::Arc;

use app::books::MoneyContext;
use app::clock::SystemClock;
use app::key_derivation::WeakSecret;
use app::orders::StoredPhotos;
use app::payments::PaymentService;
use app::random::Random;
use domain::money::price::PriceList;
use serde::{Deserialize, Serialize};

use super::alipay::{self, Alipay};
use super::rsa::BadKey;
use super::wechat::{self, Wechat};
use crate::config::{Cloud, Missing};
use crate::secrets::{self, SecretFailure};

/// The content of the secret that `PAYMENTS_SECRET` names, as JSON.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PaymentsSecret {
    pub wechat: wechat::Settings,
    pub alipay: alipay::Settings,
    /// 64 hexadecimal characters: seals page marks.
    pub cursor_key: String,
}

impl std::fmt::Debug for PaymentsSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PaymentsSecret")
    }
}

#[derive(Debug, thiserror::Error)]
pub enum DeskFailure {
    #[error(transparent)]
    Missing(#[from] Missing),
    #[error("PRICES: {0}")]
    Prices(serde_json::Error),
    #[error(transparent)]
    Secret(#[from] SecretFailure),
    /// The parser's words could quote the secret.
    #[error("the secret is not in its form")]
    SecretForm,
    #[error(transparent)]
    Key(#[from] BadKey),
    #[error(transparent)]
    Weak(#[from] WeakSecret),
}

/// What the functions of money work with.
pub struct Desk {
    pub payments: PaymentService,
    pub cursor_key: [u8; 32],
}

impl std::fmt::Debug for Desk {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Desk").field("payments", &self.payments).finish_non_exhaustive()
    }
}

/// A money without providers: prices from `PRICES`.
pub fn money(cloud: &Cloud, random: Arc<dyn Random>) -> Result<MoneyContext, DeskFailure> {
    let prices = std::env::var("PRICES").map_err(|_| Missing("PRICES".into()))?;
    let prices: PriceList = serde_json::from_str(&prices).map_err(DeskFailure::Prices)?;
    Ok(MoneyContext { store: cloud.store.clone(), clock: cloud.clock.clone(), random, prices })
}

impl Desk {
    pub async fn open(cloud: &Cloud, random: Arc<dyn Random>) -> Result<Self, DeskFailure> {
        let secret = secrets::read(&cloud.sdk, "PAYMENTS_SECRET").await?;
        let secret: PaymentsSecret = serde_json::from_str(&secret).map_err(|_| DeskFailure::SecretForm)?;
        Self::with(money(cloud, random)?, secret)
    }

    pub fn with(money: MoneyContext, secret: PaymentsSecret) -> Result<Self, DeskFailure> {
        let cursor_key = key(&secret.cursor_key).ok_or(DeskFailure::SecretForm)?;
        let clock = Arc::new(SystemClock);
        let payments = PaymentService {
            wechat: Arc::new(Wechat::new(secret.wechat, clock.clone())?),
            alipay: Arc::new(Alipay::new(secret.alipay, clock)?),
            photos: Arc::new(StoredPhotos(money.store.clone())),
            money,
        };
        Ok(Self { payments, cursor_key })
    }
}

pub(super) fn key(hex: &str) -> Option<[u8; 32]> {
    let mut key = [0; 32];
    if hex.len() != 64 || !hex.is_ascii() {
        return None;
    }
    for (at, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(key)
}
