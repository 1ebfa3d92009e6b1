//! Takes posted messages from the outbox's stream to the provider, in order, and stops at the first that is to come again.

use std::sync::Arc;

use app::accounts::SealingKey;
use app::clock::{Clock, SystemClock};
use app::messages::{Delivered, deliver};
use app::random::OsRandom;
use app::store::Store;
use cloud::outbox_event::{OutboxEvent, answer};
use cloud::provider::aliyun_sms::AliyunSms;
use cloud::{Cloud, secrets};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use tracing_subscriber::EnvFilter;

struct Relay {
    store: Arc<dyn Store>,
    clock: Arc<dyn Clock>,
    key: SealingKey,
    sms: AliyunSms,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let level = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().json().with_env_filter(level).with_target(false).init();
    let Cloud { sdk, store, clock, .. } = Cloud::from_env().await;
    let key = SealingKey::of_messages(&secrets::read(&sdk, "MESSAGES_SECRET").await?)?;
    let settings = serde_json::from_str(&secrets::read(&sdk, "SMS_SECRET").await?)
        // The parser's words could quote the secret.
        .map_err(|_| "the secret of short messages is not in its form")?;
    let sms = AliyunSms::new(settings, Arc::new(SystemClock), Arc::new(OsRandom));
    let relay = Relay { store, clock, key, sms };
    run(service_fn(|event: LambdaEvent<OutboxEvent>| relay.handle(event.payload))).await
}

impl Relay {
    async fn handle(&self, event: OutboxEvent) -> Result<serde_json::Value, Error> {
        for (place, row) in event.rows() {
            let Some(row) = row else {
                tracing::error!(place, "an outbox row that cannot be read was passed over");
                continue;
            };
            match deliver(&*self.store, &self.key, &self.sms, row, self.clock.now().await).await {
                Ok(Delivered::Sent) => tracing::info!(place, "sent"),
                Ok(Delivered::Nothing) => {}
                Ok(Delivered::Abandoned(cause)) => tracing::error!(place, cause, "abandoned"),
                Err(cause) => {
                    tracing::warn!(place, %cause, "comes again");
                    return Ok(answer(Some(place)));
                }
            }
        }
        Ok(answer(None))
    }
}
