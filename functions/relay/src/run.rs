//! Connects the function to what its environment names, and serves it.

use std::sync::Arc;

use app::clock::SystemClock;
use app::messages::{EmailSender, MessageSenders, SmsSender};
use app::random::OsRandom;
use app::sealing::SealingKey;
use cloud::outbox_event::OutboxEvent;
use cloud::provider::aliyun_sms::AliyunSms;
use cloud::provider::mail;
use cloud::{Cloud, secrets};
use lambda_runtime::{Error, LambdaEvent, service_fn};
use serde::de::DeserializeOwned;
use tokio::sync::OnceCell;

use crate::deliver_batch;

/// Reads the environment and serves the function until the process ends.
///
/// # Errors
///
/// A setting is missing or invalid, or the runtime interface failed.
pub async fn run() -> Result<(), Error> {
    cloud::telemetry::init();
    let cloud = Cloud::from_env().await;
    let key = SealingKey::for_messages(&secrets::read(&cloud.sdk, "MESSAGES_SECRET").await?)?;
    let relay = Relay { cloud, key, sms: OnceCell::new(), email: OnceCell::new() };
    lambda_runtime::run(service_fn(|event: LambdaEvent<OutboxEvent>| relay.handle(event.payload))).await
}

/// The function with its providers, which are connected at their first use.
struct Relay {
    cloud: Cloud,
    key: SealingKey,
    sms: OnceCell<AliyunSms>,
    email: OnceCell<Box<dyn EmailSender>>,
}

impl Relay {
    async fn handle(&self, event: OutboxEvent) -> Result<(), Error> {
        self.cloud.clock.synchronise().await;
        let senders = MessageSenders { sms: self.sms().await, email: self.email().await };
        Ok(deliver_batch(&*self.cloud.store, &self.key, senders, event, self.cloud.clock.now()).await?)
    }

    async fn sms(&self) -> Option<&dyn SmsSender> {
        let connect = async || {
            let settings = self.settings("SMS_SECRET").await?;
            Ok::<_, Error>(AliyunSms::new(settings, Arc::new(SystemClock), Arc::new(OsRandom)))
        };
        self.sms.get_or_try_init(connect).await.map_err(log_missing).ok().map(|sms| sms as _)
    }

    async fn email(&self) -> Option<&dyn EmailSender> {
        let connect = async || Ok::<_, Error>(mail::sender(self.settings("MAIL_SECRET").await?)?);
        self.email.get_or_try_init(connect).await.map_err(log_missing).ok().map(|email| &**email)
    }

    /// A provider's settings. They are read with every batch until the operator has put them into the secret.
    async fn settings<T: DeserializeOwned>(&self, variable: &'static str) -> Result<T, Error> {
        let text = secrets::read(&self.cloud.sdk, variable).await?;
        // The parser's message could quote the secret.
        serde_json::from_str(&text).map_err(|_| format!("{variable} does not have the expected form").into())
    }
}

fn log_missing(cause: Error) {
    tracing::error!(%cause, "message provider is not configured, its messages stay queued");
}
