//! The nightly check of the books.

use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::money::ledger::Entry;
use domain::money::order::Method;

use super::house::{House, person};
use super::promises::Rows;
use crate::books::key;
use crate::store::{Change, Key, Page, Query, Row, Store, StoreError, Token};
use crate::wallet::check::{Report, check};

/// Somebody with ten yuan, of which a photo was paid and one is held for another.
async fn house() -> House {
    let house = House::new();
    house.funded(person(1), 1000).await;
    let number = house.submit(person(1), Method::Balance, "first").await.unwrap();
    house.inspect(person(1), number, b"pass").await.unwrap();
    house.submit(person(1), Method::Balance, "second").await.unwrap();
    house
}

fn broken(report: &Report) -> Vec<&str> {
    report.differences.iter().map(|difference| difference.promise.as_str()).collect()
}

/// Covers: I4
#[tokio::test]
async fn everybodys_books_are_counted() {
    let house = house().await;
    house.funded(person(2), 600).await;
    let report = check(&house.store.inner).await.unwrap();
    let rows = Rows::of(&house);
    let transactions = house.store.inner.dump().into_keys().filter(|key| key.sk.starts_with("TX#")).count();
    assert_eq!((report.wallets, report.entries), (2, rows.all::<Entry>("LEDGER#").len() as u64));
    assert_eq!((report.entries, report.transactions), (5, transactions as u64));
    assert_eq!(transactions, 5, "two recharges, two holds and a payment");
    assert_eq!(report.trial_balance["user"], 1000 - 150 - 150 + 600, "{:?}", report.trial_balance);
    assert_eq!(report.trial_balance["hold"], 150);
    assert_eq!(broken(&report), [""; 0]);
}

/// Covers: I3, I28
#[tokio::test]
async fn what_was_tampered_with_is_reported_and_not_repaired() {
    let owner = person(1).to_string();
    let (wallet, entry) = (key::wallet(&owner), key::entry(&owner, 1));
    for (row, field, value, promises) in [
        (&entry, "amountFen", 1001, &["I1", "I3"][..]),
        (&wallet, "balanceFen", 851, &["I1", "I3", "I4"]),
        (&wallet, "heldFen", 851, &["I2", "I3", "I5"]),
        (&wallet, "heldFen", -1, &["I2", "I3", "I5"]),
        (&wallet, "heldFen", 149, &["I3", "I5"]),
        (&wallet, "seq", 7, &["I3"]),
    ] {
        let house = house().await;
        let mut tampered = house.store.inner.get(row).await.unwrap().unwrap();
        tampered["data"][field] = value.into();
        house.store.inner.apply(Change::put(row.clone(), tampered)).await.unwrap();
        let before = house.store.inner.dump();
        assert_eq!(broken(&check(&house.store.inner).await.unwrap()), promises, "{field} {value}");
        assert_eq!(house.store.inner.dump(), before);
    }
}

/// Covers: I4
#[tokio::test]
async fn a_transaction_that_does_not_sum_to_zero_is_named() {
    let house = house().await;
    let (key, mut row) = house.store.inner.dump().into_iter().find(|(key, _)| key.sk.starts_with("TX#")).unwrap();
    let fen = row["postings"][0]["fen"].as_i64().unwrap();
    row["postings"][0]["fen"] = (fen + 1).into();
    let no = row["no"].as_str().unwrap().to_owned();
    house.store.inner.apply(Change::put(key, row)).await.unwrap();
    let report = check(&house.store.inner).await.unwrap();
    let found: Vec<&str> = report.differences.iter().map(|difference| difference.found.as_str()).collect();
    assert!(found.contains(&format!("transaction {no} does not sum to zero").as_str()), "{found:?}");
    assert!(found.contains(&"all accounts sum to 1 fen"), "{found:?}");
}

/// A store in which money comes in after each of the first queries.
struct Busy<'a> {
    house: &'a House,
    left: AtomicUsize,
}

#[async_trait]
impl Store for Busy<'_> {
    async fn get(&self, key: &Key) -> Result<Option<Row>, StoreError> {
        self.house.store.inner.get(key).await
    }

    async fn query(&self, query: &Query) -> Result<Page, StoreError> {
        let page = self.house.store.inner.query(query).await;
        let one_less = |left: usize| left.checked_sub(1);
        if !page.as_ref().is_ok_and(|page| page.rows.is_empty())
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less).is_ok()
        {
            self.house.funded(person(1), 150).await;
        }
        page
    }

    async fn commit(&self, _: &Token, _: Vec<Change>) -> Result<(), StoreError> {
        unreachable!("a check writes nothing")
    }

    async fn apply(&self, _: Change) -> Result<Row, StoreError> {
        unreachable!("a check writes nothing")
    }
}

/// Covers: I1, I3
#[tokio::test]
async fn who_spends_while_the_books_are_read_is_looked_at_again() {
    for moves in 0..=6 {
        let house = house().await;
        let report = check(&Busy { house: &house, left: AtomicUsize::new(moves) }).await.unwrap();
        assert_eq!(broken(&report), [""; 0], "{moves} moves");
        assert_eq!(report.entries, Rows::of(&house).all::<Entry>("LEDGER#").len() as u64);
    }
}
