//! From the environment to adapters.

use std::collections::BTreeMap;
use std::sync::Arc;

use app::clock::Clock;
use app::objects::{Bucket, Objects};
use app::store::{Store, Table};
use aws_config::SdkConfig;

use crate::objects::S3Objects;
use crate::store::DynamoStore;

/// The physical names behind the logical ones.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    tables: BTreeMap<Table, String>,
    buckets: BTreeMap<Bucket, String>,
}

/// A function's role and environment name only what it may touch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not in the environment")]
pub struct Missing(pub String);

impl Names {
    /// `PHOTOS_TABLE`, `UPLOADS_BUCKET` and so on.
    pub fn from_env() -> Self {
        let var = |name: String| std::env::var(name).ok().filter(|value| !value.is_empty());
        let tables = Table::ALL.into_iter().filter_map(|table| Some((table, var(table_var(table))?)));
        let buckets = [Bucket::Uploads, Bucket::Photos, Bucket::Invoices].into_iter();
        let buckets = buckets.filter_map(|bucket| Some((bucket, var(bucket_var(bucket).to_owned())?)));
        Self { tables: tables.collect(), buckets: buckets.collect() }
    }

    #[must_use]
    pub fn table_named(mut self, table: Table, name: impl Into<String>) -> Self {
        self.tables.insert(table, name.into());
        self
    }

    #[must_use]
    pub fn bucket_named(mut self, bucket: Bucket, name: impl Into<String>) -> Self {
        self.buckets.insert(bucket, name.into());
        self
    }

    pub fn table(&self, table: Table) -> Result<&str, Missing> {
        self.tables.get(&table).map(String::as_str).ok_or_else(|| Missing(table_var(table)))
    }

    pub fn bucket(&self, bucket: Bucket) -> Result<&str, Missing> {
        self.buckets.get(&bucket).map(String::as_str).ok_or_else(|| Missing(bucket_var(bucket).to_owned()))
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

/// Everything a function plugs in.
#[derive(Clone)]
pub struct Cloud {
    pub sdk: SdkConfig,
    pub store: Arc<dyn Store>,
    pub objects: Arc<dyn Objects>,
    pub clock: Arc<dyn Clock>,
}

impl std::fmt::Debug for Cloud {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cloud")
    }
}

impl Cloud {
    pub async fn from_env() -> Self {
        Self::new(aws_config::load_from_env().await, Names::from_env())
    }

    pub fn new(sdk: SdkConfig, names: Names) -> Self {
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

impl From<Missing> for app::store::StoreError {
    fn from(missing: Missing) -> Self {
        Self::Invalid(missing.to_string())
    }
}
