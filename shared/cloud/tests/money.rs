//! The promises about money that only a real store can break: many at once, on DynamoDB's own conditions and transactions.

#![allow(clippy::unwrap_used)]
#![cfg(feature = "local")]

use std::sync::Arc;

use app::books::{Books, Till, user};
use app::clock::SystemClock;
use app::failure::Failure;
use app::random::OsRandom;
use app::store::{Store, StoreError};
use app::tries::Tries;
use app::wallet::{check, hold};
use cloud::Cloud;
use cloud::local::TestCloud;
use domain::money::Fen;
use domain::money::ledger::{Account, Transaction};
use domain::money::payment::Provider;
use domain::money::price::{Price, PriceList};
use domain::money::wallet::Movement;
use jiff::{SignedDuration, Timestamp};

const OWNER: &str = "01HM4XJQ8Z0000000000000001";
const CROWD: usize = 256;

/// Credits a wallet with `fen` in one commit.
async fn fund(till: &Till, fen: Fen) {
    let now = Timestamp::now();
    let mut books = Books::of(&*till.store, OWNER).await.unwrap();
    let moved = Transaction::transfer(Account::Channel(Provider::Wechat), user(OWNER), fen).unwrap();
    books.apply(Movement::Credit(fen), "2024011513365600000001", "credit", &moved, now).unwrap();
    till.commit(now, books.changes().unwrap()).await.unwrap();
}

/// Holds the price of one photo, as often as it takes to win or to run short.
async fn held(till: &Till, image_no: &str) -> bool {
    let mut tries = Tries::default();
    loop {
        let now = Timestamp::now();
        let changes = match hold::take(till, OWNER, image_no, now, now + SignedDuration::from_mins(20)).await {
            Ok(taken) => taken.changes,
            Err(Failure::Short { .. }) => return false,
            Err(failure) => panic!("{failure}"),
        };
        match till.commit(now, changes).await {
            Ok(()) => return true,
            Err(Failure::Raced | Failure::Unavailable(_)) => tries.again(&*till.random).await.expect("patience"),
            Err(failure) => panic!("{failure}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn i2_256_debits_of_a_wallet_that_covers_ten_are_exactly_ten_and_the_books_agree() {
    let cloud = TestCloud::start();
    let names = cloud.create_tables().await;
    let store: Arc<dyn Store> = Cloud::new(cloud.sdk(), names).store;
    let prices = PriceList::try_from(vec![Price { from: Timestamp::UNIX_EPOCH, photo_fen: Fen::new(150) }]).unwrap();
    let till = Till { store, clock: Arc::new(SystemClock), random: Arc::new(OsRandom), prices };
    fund(&till, Fen::new(1_500)).await;
    let tasks: Vec<_> = (0..CROWD)
        .map(|n| {
            let till = till.clone();
            tokio::spawn(async move { held(&till, &format!("AL{n:09}")).await })
        })
        .collect();
    let mut won = 0;
    for task in tasks {
        won += usize::from(task.await.unwrap());
    }
    assert_eq!(won, 10);
    let balance = app::wallet::balance(&*till.store, OWNER).await.unwrap();
    assert_eq!((balance.available.get(), balance.held.get()), (0, 1_500));
    let report = check::check(&*till.store).await.unwrap();
    assert_eq!((report.wallets, report.entries, report.differences), (1, 11, vec![]));
    let again: Result<(), StoreError> = till
        .store
        .commit(
            &app::store::Token::new("overdraw").unwrap(),
            vec![
                app::store::Change::update(app::books::key::wallet(OWNER))
                    .set("touched", true)
                    .if_at_least("available", 1),
            ],
        )
        .await;
    assert!(again.is_err_and(|error| error.is_conflict()), "the second lock, apart from the version");
}
