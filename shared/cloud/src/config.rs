//! Builds the adapters from environment variables.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::clock::Clock;
use app::objects::{Bucket, Objects};
use app::store::{Store, Table};
use aws_config::SdkConfig;

use crate::objects::S3Objects;
use crate::store::DynamoStore;

/// The physical names of tables and buckets, by their logical names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResourceNames {
    tables: BTreeMap<Table, String>,
    buckets: BTreeMap<Bucket, String>,
}

/// An environment variable is not set. A function's environment names only the resources that its role may use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("environment variable {0} is not set")]
pub struct MissingVariable(
    /// Name of the variable.
    pub String,
);

impl ResourceNames {
    /// Reads every variable of the form `PHOTOS_TABLE` or `UPLOADS_BUCKET` that is set and not empty.
    pub fn from_env() -> Self {
        let var = |name: String| std::env::var(name).ok().filter(|value| !value.is_empty());
        let tables = Table::ALL.into_iter().filter_map(|table| Some((table, var(table_var(table))?)));
        let buckets = [Bucket::Uploads, Bucket::Photos, Bucket::Invoices].into_iter();
        let buckets = buckets.filter_map(|bucket| Some((bucket, var(bucket_var(bucket).to_owned())?)));
        Self { tables: tables.collect(), buckets: buckets.collect() }
    }

    /// Sets the physical name of a table.
    #[must_use]
    pub fn table_named(mut self, table: Table, name: impl Into<String>) -> Self {
        self.tables.insert(table, name.into());
        self
    }

    /// Sets the physical name of a bucket.
    #[must_use]
    pub fn bucket_named(mut self, bucket: Bucket, name: impl Into<String>) -> Self {
        self.buckets.insert(bucket, name.into());
        self
    }

    /// The physical name of a table.
    ///
    /// # Errors
    ///
    /// [`MissingVariable`] if this process has no name for it.
    pub fn table(&self, table: Table) -> Result<&str, MissingVariable> {
        self.tables.get(&table).map(String::as_str).ok_or_else(|| MissingVariable(table_var(table)))
    }

    /// The physical name of a bucket.
    ///
    /// # Errors
    ///
    /// [`MissingVariable`] if this process has no name for it.
    pub fn bucket(&self, bucket: Bucket) -> Result<&str, MissingVariable> {
        self.buckets.get(&bucket).map(String::as_str).ok_or_else(|| MissingVariable(bucket_var(bucket).to_owned()))
    }
}

fn table_var(table: Table) -> String {
    format!("{}_TABLE", table.name().to_uppercase())
}

const fn bucket_var(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Uploads => "UPLOADS_BUCKET",
        Bucket::Photos => "PHOTOS_BUCKET",
        Bucket::Invoices => "INVOICES_BUCKET",
    }
}

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

impl From<MissingVariable> for app::store::StoreError {
    fn from(missing: MissingVariable) -> Self {
        Self::Invalid(missing.to_string())
    }
}
