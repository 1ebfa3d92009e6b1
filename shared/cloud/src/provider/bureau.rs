//! From the environment and the invoices' secret to a money with the provider of its invoices.

use std::sync::Arc;

use app::clock::SystemClock;
use app::invoices::{EmailComposer, Invoicing};
use app::random::Random;
use app::sealing::SealingKey;
use serde::{Deserialize, Serialize};

use super::desk::{DeskFailure, key, money};
use super::einvoice::{self, EInvoices};
use crate::config::{Cloud, Missing};
use crate::secrets;

/// The content of the secret that `INVOICES_SECRET` names, as JSON.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoicesSecret {
    pub provider: einvoice::Settings,
    /// 64 hexadecimal characters: seals page marks.
    pub cursor_key: String,
}

impl std::fmt::Debug for InvoicesSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InvoicesSecret")
    }
}

/// What the function of invoices works with.
#[derive(Debug)]
pub struct Bureau {
    pub invoicing: Invoicing,
    pub cursor_key: [u8; 32],
}

impl Bureau {
    pub async fn open(cloud: &Cloud, random: Arc<dyn Random>) -> Result<Self, DeskFailure> {
        let secret = secrets::read(&cloud.sdk, "INVOICES_SECRET").await?;
        let secret: InvoicesSecret = serde_json::from_str(&secret).map_err(|_| DeskFailure::SecretForm)?;
        let cursor_key = key(&secret.cursor_key).ok_or(DeskFailure::SecretForm)?;
        let provider = Arc::new(EInvoices::new(secret.provider, Arc::new(SystemClock), random.clone()));
        let key = SealingKey::for_messages(&secrets::read(&cloud.sdk, "MESSAGES_SECRET").await?)?;
        let page = std::env::var("PAGE_ORIGIN").map_err(|_| Missing("PAGE_ORIGIN".into()))?;
        let (money, objects, emails) =
            (money(cloud, random)?, cloud.objects.clone(), Arc::new(EmailComposer { key, page }));
        let invoicing = Invoicing { money, provider, objects, emails };
        Ok(Self { invoicing, cursor_key })
    }
}
