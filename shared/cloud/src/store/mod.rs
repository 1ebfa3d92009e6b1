//! The store on DynamoDB.

mod expression;
mod failure;
mod read;
mod write;

use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_dynamodb::Client;

use app::store::{Change, Key, Page, Query, Row, Store, StoreError, Token};

use crate::Names;

/// Rows are items with string keys `pk` and `sk`; an index is a global one over its two attributes.
#[derive(Debug, Clone)]
pub struct DynamoStore {
    client: Client,
    names: Names,
}

impl DynamoStore {
    pub fn new(sdk: &SdkConfig, names: Names) -> Self {
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
