//! Builds the adapters that every function needs.

use std::sync::Arc;

use app::clock::Clock;
use app::objects::Objects;
use app::store::Store;
use aws_config::SdkConfig;

use crate::config::ResourceNames;
use crate::objects::S3Objects;
use crate::store::DynamoStore;

/// The adapters that every function needs.
#[derive(Clone)]
pub struct Cloud {
    /// Region, credentials and endpoint, for further clients.
    pub sdk: SdkConfig,
    /// Tables, on DynamoDB.
    pub store: Arc<dyn Store>,
    /// Buckets, on S3.
    pub objects: Arc<dyn Objects>,
    /// The system clock; with the feature `local` a clock that tests can move.
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cloud")
    }
}

impl Cloud {
    /// Reads the environment: the SDK's own variables and those of [`ResourceNames::from_env`].
    pub async fn from_env() -> Self {
        Self::new(aws_config::load_from_env().await, ResourceNames::from_env())
    }

    /// Builds the adapters for the given resources.
    pub fn new(sdk: SdkConfig, names: ResourceNames) -> Self {
        let store: Arc<dyn Store> = Arc::new(DynamoStore::new(&sdk, names.clone()));
        Self { objects: Arc::new(S3Objects::new(&sdk, names)), clock: clock(&store), store, sdk }
    }
}

#[cfg(not(feature = "local"))]
fn clock(_: &Arc<dyn Store>) -> Arc<dyn Clock> {
    Arc::new(app::clock::SystemClock)
}

#[cfg(feature = "local")]
fn clock(store: &Arc<dyn Store>) -> Arc<dyn Clock> {
    Arc::new(crate::local::TestClock::new(store.clone()))
}
