//! Coupons: granting, freezing, reminders and expiry.

use domain::money::Fen;
use domain::money::coupon::Tab;
use domain::money::order::Method;
use jiff::SignedDuration;

use crate::coupons::{self, FreezeChange, Grant};
use crate::due;
use crate::failure::Failure;
use crate::testing::{TestApp, account, staff};

/// Covers: XX-04, IC-160
#[tokio::test]
async fn coupon_expires_before_the_task_writes_it_down_and_a_second_run_changes_nothing() {
    let app = TestApp::new();
    let coupon = app.add_coupon(account(1), 50, 1).await;
    let frozen = app.add_coupon(account(1), 50, 1).await;
    let (by, why) = staff();
    coupons::change_freeze(&app.payments.money, &by, FreezeChange::Freeze, frozen.owner, &frozen.id, &why)
        .await
        .unwrap();
    app.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(app.coupon(&coupon).await.tab(app.now()), Tab::Expired);
    assert_eq!(app.coupon(&coupon).await.state.name(), "usable", "not written down yet");
    let report = due::expire_coupons(&app.payments.money).await.unwrap();
    assert_eq!((report.done, report.failed), (2, 0));
    let again = due::expire_coupons(&app.payments.money).await.unwrap();
    assert_eq!((again.done, again.left), (0, 0));
    assert_eq!(app.coupon(&coupon).await.state.name(), "expired");
}

/// Covers: IC-161
#[tokio::test]
async fn grant_with_a_field_out_of_range_is_refused() {
    let app = TestApp::new();
    let (money, (by, why), now) = (&app.payments.money, staff(), app.now());
    let valid = Grant {
        owners: vec![account(1)],
        face_fen: Fen::new(60_000),
        min_spend_fen: Fen::ZERO,
        expires_at: now + SignedDuration::from_secs(1),
    };
    let of = |count: u64| (0..count).map(account).collect::<Vec<_>>();
    let face = |fen: i64| Grant { face_fen: Fen::new(fen), ..valid.clone() };
    for (request, field, code) in [
        (Grant { owners: of(0), ..valid.clone() }, "/accounts", "count-out-of-range"),
        (Grant { owners: of(91), ..valid.clone() }, "/accounts", "count-out-of-range"),
        (face(0), "/faceFen", "amount-out-of-range"),
        (face(-1), "/faceFen", "amount-out-of-range"),
        (face(60_001), "/faceFen", "amount-out-of-range"),
        (Grant { min_spend_fen: Fen::new(-1), ..valid.clone() }, "/minSpendFen", "amount-out-of-range"),
        (Grant { expires_at: now, ..valid.clone() }, "/expiresAt", "date-past"),
    ] {
        let refused = coupons::grant(money, &by, &request, &why, &app.new_command()).await;
        assert_eq!(refused, Err(Failure::Invalid { field, code }), "{request:?}");
    }
    for request in [valid.clone(), face(1), Grant { owners: of(90), ..valid }] {
        let granted = coupons::grant(money, &by, &request, &why, &app.new_command()).await.unwrap();
        assert_eq!(granted.len(), request.owners.len());
    }
}

/// Covers: IC-156, IC-158
#[tokio::test]
async fn tab_lists_its_coupons_and_usable_ones_in_the_order_of_the_pick() {
    let app = TestApp::new();
    let later = app.add_coupon(account(1), 50, 9).await;
    let sooner = app.add_coupon(account(1), 50, 7).await;
    let larger = app.add_coupon(account(1), 60, 7).await;
    let short_lived = app.add_coupon(account(1), 50, 1).await;
    let (money, (by, why)) = (&app.payments.money, staff());
    let demanding = Grant {
        owners: vec![later.owner],
        face_fen: Fen::new(70),
        min_spend_fen: Fen::new(300),
        expires_at: later.expires_at,
    };
    let demanding = coupons::grant(money, &by, &demanding, &why, &app.new_command()).await.unwrap().remove(0);
    let frozen = app.add_coupon(account(1), 50, 7).await;
    coupons::change_freeze(money, &by, FreezeChange::Freeze, frozen.owner, &frozen.id, &why).await.unwrap();
    app.clock.advance(SignedDuration::from_hours(24));
    let now = app.now();
    let list = async |tab: Tab, price: Option<i64>| {
        let found = coupons::list(&app.store.inner, later.owner, tab, price.map(Fen::new), now).await.unwrap();
        found.into_iter().map(|coupon| coupon.id).collect::<Vec<_>>()
    };
    let ids = [&larger, &sooner, &demanding, &later].map(|coupon| coupon.id.clone());
    assert_eq!(list(Tab::Usable, None).await, ids);
    assert_eq!(list(Tab::Usable, Some(300)).await, ids);
    assert_eq!(list(Tab::Usable, Some(299)).await, [&larger, &sooner, &later].map(|coupon| coupon.id.clone()));
    assert_eq!(list(Tab::Expired, None).await, [short_lived.id]);
    assert_eq!(list(Tab::Frozen, None).await, [frozen.id]);
    assert_eq!(list(Tab::Used, None).await, []);
}

/// Covers: IC-162
#[tokio::test]
async fn reminder_is_recorded_once_three_days_before_the_expiry() {
    let app = TestApp::new();
    let coupon = app.add_coupon(account(1), 50, 7).await;
    let money = &app.payments.money;
    app.clock.advance(SignedDuration::from_hours(4 * 24 - 1));
    assert_eq!(due::expire_coupons(money).await.unwrap().done, 0);
    app.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(due::expire_coupons(money).await.unwrap().done, 1);
    let reminded = app.coupon(&coupon).await;
    assert_eq!((reminded.reminded_at, reminded.state.name()), (Some(app.now()), "usable"));
    assert_eq!(due::expire_coupons(money).await.unwrap().done, 0, "reminded once");
    app.clock.advance(SignedDuration::from_hours(3 * 24));
    assert_eq!(due::expire_coupons(money).await.unwrap().done, 1);
    assert_eq!(app.coupon(&coupon).await.state.name(), "expired");
}

/// Covers: IC-161, IC-203
#[tokio::test]
async fn frozen_coupon_cannot_be_used_and_held_coupon_cannot_be_frozen() {
    let app = TestApp::new();
    let coupon = app.add_coupon(account(1), 50, 7).await;
    let (money, (by, why)) = (&app.payments.money, staff());
    let change = |change| coupons::change_freeze(money, &by, change, coupon.owner, &coupon.id, &why);
    assert_eq!(change(FreezeChange::Freeze).await.unwrap().tab(app.now()), Tab::Frozen);
    change(FreezeChange::Freeze).await.unwrap();
    let photo = app.add_passed_photo(account(1)).await;
    let refused = app.place(account(1), &[photo], Method::Wechat, Some(&coupon), "order").await;
    assert_eq!(refused, Err(Failure::Conflict { code: "coupon-not-usable" }));
    change(FreezeChange::Unfreeze).await.unwrap();
    app.place(account(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    assert_eq!(change(FreezeChange::Freeze).await, Err(Failure::Conflict { code: "coupon-not-usable" }));
    assert_eq!(
        app.audited_actions(coupon.owner).await,
        ["coupon-thaw", "coupon-freeze"],
        "each change once, and no refused one"
    );
}
