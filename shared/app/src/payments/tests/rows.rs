//! The rows of money in the store.

use domain::money::order::Method;

use crate::failure::Failure;
use crate::ledger::key;
use crate::store::{Change, Store};
use crate::testing::{TestApp, account};

/// Covers: I3
#[tokio::test]
async fn wallet_version_counts_its_writes_and_an_entry_has_no_index_attributes() {
    let app = TestApp::new();
    let owner = account(1);
    for version in 1..4 {
        if version > 1 {
            app.add_balance(account(1), 150).await;
        } else {
            app.recharge(account(1), 150, "first").await.unwrap();
        }
        let wallet = app.store.inner.get(&key::wallet(owner)).await.unwrap().unwrap();
        assert_eq!(wallet["version"], version);
    }
    let entry = app.store.inner.get(&key::entry(owner, 1)).await.unwrap().unwrap();
    assert_eq!(entry.keys().collect::<Vec<_>>(), ["data", "pk", "sk", "version"]);
}

/// The version alone would allow this commit; the attribute `available` prevents it.
///
/// Covers: I2
#[tokio::test(start_paused = true)]
async fn hold_above_the_available_attribute_of_the_row_is_refused() {
    let app = TestApp::new().with_balance(account(1), 1000).await;
    let wallet = key::wallet(account(1));
    app.store.inner.apply(Change::update(wallet).set("available", 149)).await.unwrap();
    let refused = app.submit(account(1), Method::Balance, "photo").await;
    assert_eq!(refused, Err(Failure::Unavailable("too many conflicts".into())));
    app.store.inner.apply(Change::update(key::wallet(account(1))).set("available", 150)).await.unwrap();
    app.submit(account(1), Method::Balance, "photo").await.unwrap();
}
