//! The tables of a deployed stack, found by their logical names.

use app::store::Table;
use cloud::ResourceNames;
use cloud::local::TestCloud;
use cloud::store::DynamoStore;

/// The tables of the stack.
pub(crate) async fn store(cloud: &TestCloud) -> DynamoStore {
    let client = aws_sdk_dynamodb::Client::new(&cloud.sdk());
    let tables = client.list_tables().send().await.unwrap().table_names.unwrap_or_default();
    let named = |names: ResourceNames, table: Table| {
        let found = tables.iter().find(|name| name.to_lowercase().contains(table.name()));
        names.table_named(table, found.unwrap_or_else(|| panic!("no table for {}: {tables:?}", table.name())))
    };
    DynamoStore::new(&cloud.sdk(), Table::ALL.into_iter().fold(ResourceNames::default(), named))
}
