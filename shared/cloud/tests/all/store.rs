//! The store contract, which the store in memory fulfils, too, on DynamoDB.

use std::sync::Arc;

use app::store::contract;
use cloud::Cloud;
use cloud::local::TestCloud;

#[tokio::test(flavor = "multi_thread")]
async fn dynamodb_fulfils_the_store_contract() {
    let test_cloud = TestCloud::start();
    let names = test_cloud.create_tables().await;
    let cloud = Cloud::new(test_cloud.sdk(), names);
    contract::verify(Arc::clone(&cloud.store), "dynamodb").await;
}
