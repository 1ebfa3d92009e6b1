//! The names of tables and buckets, from environment variables.

use std::collections::BTreeMap;

use app::objects::Bucket;
use app::store::Table;

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

impl From<MissingVariable> for app::store::StoreError {
    fn from(missing: MissingVariable) -> Self {
        Self::Invalid(missing.to_string())
    }
}
