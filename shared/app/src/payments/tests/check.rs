//! The nightly check of the ledger.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::money::ledger::Entry;
use domain::money::order::Method;

use crate::ledger::key;
use crate::store::{Change, Key, Page, Query, Row, Store, StoreError, Token};
use crate::testing::{MoneyRows, TestApp, account};
use crate::wallet::check::{Report, check};

/// A customer with ten yuan who has paid for one photo and has a hold for another.
async fn app_with_entries() -> TestApp {
    let app = TestApp::new().with_balance(account(1), 1000).await;
    let number = app.submit(account(1), Method::Balance, "first").await.unwrap();
    app.inspect(account(1), number, b"pass").await.unwrap();
    app.submit(account(1), Method::Balance, "second").await.unwrap();
    app
}

fn violated(report: &Report) -> Vec<&str> {
    report.differences.iter().map(|difference| difference.invariant.as_str()).collect()
}

/// Covers: I4
#[tokio::test]
async fn check_counts_the_wallets_entries_and_transactions_of_all_customers() {
    let app = app_with_entries().await;
    app.add_balance(account(2), 600).await;
    let report = check(&app.store.inner).await.unwrap();
    let rows = MoneyRows::of(&app);
    let transactions = app.store.inner.dump().into_keys().filter(|key| key.sk.starts_with("TX#")).count();
    assert_eq!((report.wallets, report.entries), (2, rows.all::<Entry>("LEDGER#").len() as u64));
    assert_eq!((report.entries, report.transactions), (5, transactions as u64));
    assert_eq!(transactions, 5, "two recharges, two holds and a payment");
    assert_eq!(report.trial_balance["user"], 1000 - 150 - 150 + 600, "{:?}", report.trial_balance);
    assert_eq!(report.trial_balance["hold"], 150);
    assert_eq!(violated(&report), [""; 0]);
}

/// Covers: I3, I28
#[tokio::test]
async fn check_reports_a_changed_row_and_does_not_repair_it() {
    let owner = account(1);
    let (wallet, entry) = (key::wallet(owner), key::entry(owner, 1));
    for (row, field, value, invariants) in [
        (&entry, "amountFen", 1001, &["I1", "I3"][..]),
        (&wallet, "balanceFen", 851, &["I1", "I3", "I4"]),
        (&wallet, "heldFen", 851, &["I2", "I3", "I5"]),
        (&wallet, "heldFen", -1, &["I2", "I3", "I5"]),
        (&wallet, "heldFen", 149, &["I3", "I5"]),
        (&wallet, "seq", 7, &["I3"]),
    ] {
        let app = app_with_entries().await;
        let mut tampered = app.store.inner.get(row).await.unwrap().unwrap();
        tampered["data"][field] = value.into();
        app.store.inner.apply(Change::put(row.clone(), tampered)).await.unwrap();
        let before = app.store.inner.dump();
        assert_eq!(violated(&check(&app.store.inner).await.unwrap()), invariants, "{field} {value}");
        assert_eq!(app.store.inner.dump(), before);
    }
}

/// Covers: I4
#[tokio::test]
async fn check_names_a_transaction_that_does_not_sum_to_zero() {
    let app = app_with_entries().await;
    let (key, mut row) = app.store.inner.dump().into_iter().find(|(key, _)| key.sk.starts_with("TX#")).unwrap();
    let fen = row["postings"][0]["fen"].as_i64().unwrap();
    row["postings"][0]["fen"] = (fen + 1).into();
    let no = row["no"].as_str().unwrap().to_owned();
    app.store.inner.apply(Change::put(key, row)).await.unwrap();
    let report = check(&app.store.inner).await.unwrap();
    let found: Vec<&str> = report.differences.iter().map(|difference| difference.found.as_str()).collect();
    assert!(found.contains(&format!("transaction {no} does not sum to zero").as_str()), "{found:?}");
    assert!(found.contains(&"all accounts sum to 1 fen"), "{found:?}");
}

/// A store in which a recharge is credited after each of the first queries.
struct BusyStore<'a> {
    app: &'a TestApp,
    left: AtomicUsize,
}

#[async_trait]
impl Store for BusyStore<'_> {
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.app.store.inner.get(key).await
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        let page = self.app.store.inner.query(query).await;
        let one_less = |left: usize| left.checked_sub(1);
        if !page.as_ref().is_ok_and(|page| page.rows.is_empty())
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
        {
            self.app.add_balance(account(1), 150).await;
        }
        page
    }

    async fn commit(&self, _: &Token, _: Vec<Change>) -> Result<(), StoreError> {
        unreachable!("the check writes nothing")
    }

    async fn apply(&self, _: Change) -> Result<Row, StoreError> {
        unreachable!("the check writes nothing")
    }
}

/// Covers: I1, I3
#[tokio::test]
async fn check_reads_a_wallet_again_if_it_changes_during_the_reading() {
    for recharges in 0..=6 {
        let app = app_with_entries().await;
        let report = check(&BusyStore { app: &app, left: AtomicUsize::new(recharges) }).await.unwrap();
        assert_eq!(violated(&report), [""; 0], "{recharges} recharges");
        assert_eq!(report.entries, MoneyRows::of(&app).all::<Entry>("LEDGER#").len() as u64);
    }
}
