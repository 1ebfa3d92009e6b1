//! Builds the invoice use cases from the environment and from the secret of the invoice provider.

use std::sync::Arc;

use app::clock::SystemClock;
use app::invoices::{EmailComposer, InvoiceService};
use app::random::Random;
use app::sealing::SealingKey;
use secrecy::SecretString;
use serde::Deserialize;

use super::einvoice::{self, EInvoices};
use super::payment_setup::{ConfigError, key, money};
use crate::adapters::Cloud;
use crate::config::MissingVariable;
use crate::secrets;

/// The content of the secret that `INVOICES_SECRET` names, as JSON.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvoicesSecret {
    /// The invoice provider.
    pub provider: einvoice::Settings,
    /// 64 hexadecimal characters; seals the cursors of lists.
    pub cursor_key: SecretString,
}

/// What the functions that handle invoices need.
#[derive(Debug)]
pub struct InvoiceSetup {
    /// Use cases and the invoice provider.
    pub invoicing: InvoiceService,
    /// Seals the cursors of lists.
    pub cursor_key: [u8; 32],
}

impl InvoiceSetup {
    /// Reads `INVOICES_SECRET`, `MESSAGES_SECRET`, `PAGE_ORIGIN` and `PRICES` and builds the provider's client.
    ///
    /// # Errors
    ///
    /// [`ConfigError`] if a variable or a secret is missing or unusable.
    pub async fn load(cloud: &Cloud, random: Arc<dyn Random>) -> Result<Self, ConfigError> {
        let secret = secrets::read(&cloud.sdk, "INVOICES_SECRET").await?;
        let secret: InvoicesSecret = serde_json::from_str(&secret).map_err(|_| ConfigError::SecretForm)?;
        let cursor_key = key(&secret.cursor_key).ok_or(ConfigError::SecretForm)?;
        let provider = Arc::new(EInvoices::new(secret.provider, Arc::new(SystemClock), random.clone()));
        let key = SealingKey::for_messages(&secrets::read(&cloud.sdk, "MESSAGES_SECRET").await?)?;
        let page = std::env::var("PAGE_ORIGIN").map_err(|_| MissingVariable("PAGE_ORIGIN".into()))?;
        let (money, objects, emails) =
            (money(cloud, random)?, cloud.objects.clone(), Arc::new(EmailComposer { key, page }));
        let invoicing = InvoiceService { money, provider, objects, emails };
        Ok(Self { invoicing, cursor_key })
    }
}
