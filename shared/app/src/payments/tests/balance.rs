//! Photos paid from the balance.

use domain::money::Fen;
use domain::money::coupon::Tab;
use domain::money::order::Method;
use domain::photo::{ARRIVAL_GRACE, TIME_LIMIT};

use crate::due;
use crate::failure::Failure;
use crate::orders;
use crate::photos::{Billing, TICKET_LIFE};
use crate::testing::{TestApp, account};

/// Covers: IC-60, I24
#[tokio::test]
async fn submission_that_the_balance_cannot_pay_is_refused_without_a_trace() {
    let app = TestApp::new().with_balance(account(1), 299).await;
    app.submit(account(1), Method::Balance, "first").await.unwrap();
    let before = app.store.inner.dump();
    let refused = app.submit(account(1), Method::Balance, "second").await;
    assert_eq!(refused, Err(Failure::Short { available: 149, needed: 150 }));
    let mut after = app.store.inner.dump();
    after.retain(|key, row| before.get(key) != Some(row));
    assert!(after.keys().all(|key| key.pk == "COUNTER"), "only the number counter changed: {after:?}");
}

/// Covers: IC-61, IC-63
#[tokio::test]
async fn photo_that_passes_spends_its_hold_and_becomes_a_paid_order() {
    let app = TestApp::new().with_balance(account(1), 55_884).await;
    let number = app.submit(account(1), Method::Balance, "photo").await.unwrap();
    assert_eq!(app.balance(account(1)).await.available, Fen::new(55_734));
    assert_eq!(app.balance(account(1)).await.balance, Fen::new(55_884));
    app.inspect(account(1), number, b"pass").await.unwrap();
    assert_eq!(app.balance(account(1)).await.balance, Fen::new(55_734));
    let owner = account(1);
    let filter = orders::Filter::default();
    let found = orders::list(&app.store.inner, owner, orders::OrderType::Photos, &filter, 10, None);
    let found = found.await.unwrap().orders;
    assert_eq!((found.len(), found[0].state(), found[0].net()), (1, "paid", Fen::new(150)));
    app.assert_invariants("after a pass").await;
}

/// Covers: I9
#[tokio::test]
async fn photo_that_fails_or_times_out_releases_its_hold_and_its_coupon() {
    for bytes in [Some(b"fail".as_slice()), Some(b"junk"), None] {
        let app = TestApp::new();
        app.add_balance(account(1), 150).await;
        let coupon = app.add_coupon(account(1), 50, 7).await;
        let number = app.submit(account(1), Method::Balance, "photo").await.unwrap();
        assert_eq!(app.coupon(&coupon).await.tab(app.now()), Tab::Frozen);
        match bytes {
            Some(bytes) => app.inspect(account(1), number, bytes).await.unwrap(),
            None => app.run_until_settled().await,
        }
        assert_eq!(app.balance(account(1)).await.available, Fen::new(150));
        assert_eq!(app.coupon(&coupon).await.state.name(), "usable");
        app.assert_invariants("after a fail").await;
    }
}

/// Covers: IC-62, I14
#[tokio::test]
async fn hold_takes_the_coupon_that_expires_soonest_then_the_largest() {
    let app = TestApp::new().with_balance(account(1), 600).await;
    let later = app.add_coupon(account(1), 150, 9).await;
    let small = app.add_coupon(account(1), 20, 3).await;
    let large = app.add_coupon(account(1), 50, 3).await;
    let number = app.submit(account(1), Method::Balance, "photo").await.unwrap();
    app.inspect(account(1), number, b"pass").await.unwrap();
    assert_eq!(app.coupon(&large).await.state.name(), "used");
    assert_eq!(app.coupon(&small).await.state.name(), "usable");
    assert_eq!(app.coupon(&later).await.state.name(), "usable");
    assert_eq!(app.balance(account(1)).await.balance, Fen::new(500));
    app.assert_invariants("after a coupon").await;
}

/// Covers: I7
#[tokio::test]
async fn hold_expires_after_its_deadline_and_a_late_pass_is_not_charged() {
    let app = TestApp::new().with_balance(account(1), 150).await;
    assert_eq!(app.payments.money.price_fen(app.now()).await, Ok(150));
    let number = app.submit(account(1), Method::Balance, "photo").await.unwrap();
    let release = async || due::expire_holds(&app.payments.money).await.unwrap().done;
    // A photo that is uploaded at the last moment and inspected for the whole time limit still finds its hold open.
    let longest = TICKET_LIFE + ARRIVAL_GRACE + TIME_LIMIT;
    app.clock.advance(longest);
    assert_eq!((release().await, app.balance(account(1)).await.held), (0, Fen::new(150)));
    assert_eq!(crate::wallet::hold_life(), longest + TIME_LIMIT, "one more time limit for the due work");
    app.clock.advance(TIME_LIMIT);
    assert_eq!(release().await, 1);
    assert_eq!(app.balance(account(1)).await.available, Fen::new(150));
    app.inspect(account(1), number, b"pass").await.unwrap();
    assert_eq!(app.balance(account(1)).await.balance, Fen::new(150));
    app.assert_invariants("after an expired hold").await;
}
