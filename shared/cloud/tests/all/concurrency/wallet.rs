//! Concurrent holds on one wallet.

use app::backoff::Backoff;
use app::failure::Failure;
use app::ledger::MoneyContext;
use app::store::{Change, StoreError, Token};
use app::wallet::{balance, check, hold};
use cloud::Cloud;
use cloud::local::TestCloud;
use domain::image_number::ImageNumber;
use domain::money::Fen;
use jiff::{SignedDuration, Timestamp};

use super::{OWNER, all, fund, money};

/// Holds the price of one photo, repeated until it succeeds or the balance is too low.
async fn held(money: &MoneyContext, image_no: ImageNumber) -> bool {
    let mut backoff = Backoff::default();
    loop {
        let now = Timestamp::now();
        let changes = match hold::authorise(money, OWNER, image_no, now, now + SignedDuration::from_mins(20)).await {
            Ok(hold) => hold.changes,
            Err(Failure::Short { .. }) => return false,
            Err(failure) => panic!("{failure}"),
        };
        match money.commit(now, changes).await {
            Ok(()) => return true,
            Err(Failure::Raced | Failure::Unavailable(_)) => {
                backoff.wait(&*money.random).await.expect("a limited number of attempts is enough")
            }
            Err(failure) => panic!("{failure}"),
        }
    }
}

/// Covers: I2
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_holds_succeed_only_as_often_as_the_balance_allows() {
    let cloud = TestCloud::start();
    let names = cloud.create_tables().await;
    let money = money(Cloud::new(cloud.sdk(), names));
    fund(&money, Fen::new(1_500)).await;
    let held = all(|n| {
        let money = money.clone();
        async move { held(&money, ImageNumber::nth(1 + n as i64).unwrap()).await }
    });
    let won = held.await.into_iter().filter(|held| *held).count();
    assert_eq!(won, 10);
    let balance = balance(&*money.store, OWNER).await.unwrap();
    assert_eq!((balance.available.get(), balance.held.get()), (0, 1_500));
    let report = check::check(&*money.store).await.unwrap();
    assert_eq!((report.wallets, report.entries, report.differences), (1, 11, vec![]));
    let overdraw: Result<(), StoreError> = money
        .store
        .commit(
            &Token::new("overdraw").unwrap(),
            vec![Change::update(app::ledger::key::wallet(OWNER)).set("touched", true).if_at_least("available", 1)],
        )
        .await;
    assert!(overdraw.is_err_and(|error| error.is_conflict()), "the condition on the available amount refuses it, too");
}
