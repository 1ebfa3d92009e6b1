//! The nightly check of the ledger.

mod exclusive {
    use app::ledger::key;
    use app::store::{Change, Store};
    use journeys::TestStack;
    use serde_json::json;

    use crate::fixtures::passing_jpeg;

    /// Covers: IC-173, I1, I2, I3, I4, I5
    #[tokio::test(flavor = "multi_thread")]
    async fn nightly_check_finds_no_difference_and_all_accounts_sum_to_zero() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("ledger").await;
        stack.fund(&client, 1_000, "fund").await;
        let number = stack.submit_prepaid_photo(&client, "photo", &passing_jpeg()).await;
        assert_eq!(stack.inspected(&client, &number).await["state"], "paid");
        let report = stack.check_ledger().await.unwrap_or_else(|error| panic!("the check failed: {error}"));
        assert_eq!(report["differences"], json!([]), "{report}");
        let total: i64 = report["trialBalance"].as_object().unwrap().values().map(|fen| fen.as_i64().unwrap()).sum();
        assert_eq!(total, 0, "{report}");
    }

    /// Covers: IC-173
    #[tokio::test(flavor = "multi_thread")]
    async fn nightly_check_fails_on_a_changed_entry_and_repairs_nothing() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("tampered").await;
        stack.fund(&client, 1_000, "fund").await;
        let (store, entry) = (stack.store().await, key::entry(client.account.parse().unwrap(), 1));
        let original = store.get(&entry).await.unwrap().unwrap();
        let mut changed = original.clone();
        changed["data"]["amountFen"] = 1.into();
        store.apply(Change::put(entry.clone(), changed.clone())).await.unwrap();
        let error = stack.check_ledger().await;
        let unchanged = store.get(&entry).await.unwrap().unwrap();
        store.apply(Change::put(entry, original)).await.unwrap();
        let error = error.expect_err("the job fails, which raises its alarm");
        assert!(error.to_string().contains("differences"), "{error}");
        assert_eq!(unchanged, changed);
        assert!(stack.check_ledger().await.is_ok());
    }
}
