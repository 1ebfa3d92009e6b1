//! Takes posted messages from the outbox's stream to their providers.
//!
//! Two lines lead here, short messages and letters, so that neither waits for the other's provider. A batch is tried to its
//! end; if anything failed the whole batch comes again, and what was delivered is recognised. What never succeeds ends in the
//! dead letters.

use std::sync::Arc;

use app::accounts::SealingKey;
use app::clock::SystemClock;
use app::messages::{Delivered, Desks, Letters, ShortMessages, deliver};
use app::random::OsRandom;
use cloud::outbox_event::OutboxEvent;
use cloud::provider::aliyun_sms::AliyunSms;
use cloud::provider::mail;
use cloud::{Cloud, secrets};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;
use tracing_subscriber::EnvFilter;

struct Relay {
    cloud: Cloud,
    key: SealingKey,
    sms: OnceCell<AliyunSms>,
    letters: OnceCell<Box<dyn Letters>>,
}

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), Error> {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(level).with_target(false).init();
    let cloud = Cloud::from_env().await;
    let key = SealingKey::of_messages(&secrets::read(&cloud.sdk, "MESSAGES_SECRET").await?)?;
    let relay = Relay { cloud, key, sms: OnceCell::new(), letters: OnceCell::new() };
    lambda_runtime::run(service_fn(|event: LambdaEvent<OutboxEvent>| relay.handle(event.payload))).await
}

impl Relay {
    async fn handle(&self, event: OutboxEvent) -> Result<(), Error> {
        self.cloud.clock.synchronise().await;
        let desks = Desks { short_messages: self.sms().await, letters: self.letters().await };
        let mut waiting = 0;
        for (place, row) in event.rows() {
            let Some(row) = row else {
                tracing::error!(place, "an outbox row that cannot be read was passed over");
                continue;
            };
            match deliver(&*self.cloud.store, &self.key, desks, row, self.cloud.clock.now()).await {
                Ok(Delivered::Sent) => tracing::info!(place, "sent"),
                Ok(Delivered::Nothing) => {}
                Ok(Delivered::Abandoned(cause)) => tracing::error!(place, cause, "abandoned"),
                Err(cause) => {
                    tracing::warn!(place, %cause, "comes again");
                    waiting += 1;
                }
            }
        }
        if waiting == 0 { Ok(()) } else { Err(format!("{waiting} messages of the batch come again").into()) }
    }

    async fn sms(&self) -> Option<&dyn ShortMessages> {
        let open = async || {
            let settings = self.settings("SMS_SECRET").await?;
            Ok::<_, Error>(AliyunSms::new(settings, Arc::new(SystemClock), Arc::new(OsRandom)))
        };
        self.sms.get_or_try_init(open).await.map_err(not_set_up).ok().map(|sms| sms as _)
    }

    async fn letters(&self) -> Option<&dyn Letters> {
        let open = async || Ok::<_, Error>(mail::open(self.settings("MAIL_SECRET").await?)?);
        self.letters.get_or_try_init(open).await.map_err(not_set_up).ok().map(|letters| &**letters)
    }

    /// Asked for again with every batch until the operator has put them in.
    async fn settings<T: DeserializeOwned>(&self, variable: &'static str) -> Result<T, Error> {
        let text = secrets::read(&self.cloud.sdk, variable).await?;
        // The parser's words could quote the secret.
        serde_json::from_str(&text).map_err(|_| format!("{variable} is not in its form").into())
    }
}

fn not_set_up(cause: Error) {
    tracing::error!(%cause, "its messages are kept waiting");
}
