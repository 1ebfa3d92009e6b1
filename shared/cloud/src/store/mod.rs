//! The port `app::store::Store` on DynamoDB.

mod error;
mod expression;
mod read;
mod write;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;

use app::store::{Change, Key, Page, Query, Row, Store, StoreError, Token};

use crate::ResourceNames;

/// The store on DynamoDB. Rows are items with the string keys `pk` and `sk`; every index is a global secondary index.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Client,
    names: ResourceNames,
}

impl DynamoStore {
    /// A store on the tables named in `names`.
    pub fn new(sdk: &SdkConfig, names: ResourceNames) -> Self {
        Self { client: Client::new(sdk), names }
    }
}

#[async_trait]
impl Store for DynamoStore {
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        read::get(self, key).await
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        read::query(self, query).await
    }

    async fn commit(&self, token: &Token, changes: Vec<Change>) -> Result<(), StoreError> {
        write::commit(self, token, &changes).await
    }

    async fn apply(&self, change: Change) -> Result<Row, StoreError> {
        write::apply(self, change).await
    }
}
