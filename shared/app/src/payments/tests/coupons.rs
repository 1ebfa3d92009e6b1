//! Coupons and the calendar.

use domain::money::Fen;
use domain::money::coupon::Tab;
use domain::money::order::Method;
use jiff::SignedDuration;

use super::house::{House, person, staff};
use crate::coupons::{self, Grant};
use crate::failure::Failure;
use crate::payments::sweep;

/// Covers: XX-04, IC-160
#[tokio::test]
async fn expiry_is_true_before_the_job_and_the_job_runs_twice_harmlessly() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 1).await;
    let frozen = house.granted(person(1), 50, 1).await;
    let (by, why) = staff();
    coupons::freeze(&house.payments.money, &by, &frozen.owner, &frozen.id, &why).await.unwrap();
    house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(house.coupon(&coupon).await.tab(house.now()), Tab::Expired);
    assert_eq!(house.coupon(&coupon).await.state.name(), "usable", "not written down yet");
    let swept = sweep::expire_coupons(&house.payments.money).await.unwrap();
    assert_eq!((swept.done, swept.failed), (2, 0));
    let again = sweep::expire_coupons(&house.payments.money).await.unwrap();
    assert_eq!((again.done, again.left), (0, 0));
    assert_eq!(house.coupon(&coupon).await.state.name(), "expired");
}

/// Covers: IC-161
#[tokio::test]
async fn only_a_sensible_grant_is_made() {
    let house = House::new();
    let (money, (by, why), now) = (&house.payments.money, staff(), house.now());
    let sensible = Grant {
        owners: vec![person(1).to_string()],
        face_fen: Fen::new(60_000),
        min_spend_fen: Fen::ZERO,
        expires_at: now + SignedDuration::from_secs(1),
    };
    let of = |count: u64| (0..count).map(|n| person(n).to_string()).collect::<Vec<_>>();
    let face = |fen: i64| Grant { face_fen: Fen::new(fen), ..sensible.clone() };
    for (wish, field, code) in [
        (Grant { owners: of(0), ..sensible.clone() }, "/accounts", "count-out-of-range"),
        (Grant { owners: of(91), ..sensible.clone() }, "/accounts", "count-out-of-range"),
        (face(0), "/faceFen", "amount-out-of-range"),
        (face(-1), "/faceFen", "amount-out-of-range"),
        (face(60_001), "/faceFen", "amount-out-of-range"),
        (Grant { min_spend_fen: Fen::new(-1), ..sensible.clone() }, "/minSpendFen", "amount-out-of-range"),
        (Grant { expires_at: now, ..sensible.clone() }, "/expiresAt", "date-past"),
    ] {
        let refused = coupons::grant(money, &by, &wish, &why, &house.new_command()).await;
        assert_eq!(refused, Err(Failure::Invalid { field, code }), "{wish:?}");
    }
    for wish in [sensible.clone(), face(1), Grant { owners: of(90), ..sensible }] {
        let granted = coupons::grant(money, &by, &wish, &why, &house.new_command()).await.unwrap();
        assert_eq!(granted.len(), wish.owners.len());
    }
}

/// Covers: IC-156, IC-158
#[tokio::test]
async fn each_tab_lists_its_own_and_the_usable_ones_as_they_would_be_picked() {
    let house = House::new();
    let later = house.granted(person(1), 50, 9).await;
    let sooner = house.granted(person(1), 50, 7).await;
    let larger = house.granted(person(1), 60, 7).await;
    let brief = house.granted(person(1), 50, 1).await;
    let (money, (by, why)) = (&house.payments.money, staff());
    let demanding = Grant {
        owners: vec![later.owner.clone()],
        face_fen: Fen::new(70),
        min_spend_fen: Fen::new(300),
        expires_at: later.expires_at,
    };
    let demanding = coupons::grant(money, &by, &demanding, &why, &house.new_command()).await.unwrap().remove(0);
    let frozen = house.granted(person(1), 50, 7).await;
    coupons::freeze(money, &by, &frozen.owner, &frozen.id, &why).await.unwrap();
    house.clock.advance(SignedDuration::from_hours(24));
    let now = house.now();
    let list = async |tab: Tab, price: Option<i64>| {
        let found = coupons::list(&house.store.inner, &later.owner, tab, price.map(Fen::new), now).await.unwrap();
        found.into_iter().map(|coupon| coupon.id).collect::<Vec<_>>()
    };
    let ids = [&larger, &sooner, &demanding, &later].map(|coupon| coupon.id.clone());
    assert_eq!(list(Tab::Usable, None).await, ids);
    assert_eq!(list(Tab::Usable, Some(300)).await, ids);
    assert_eq!(list(Tab::Usable, Some(299)).await, [&larger, &sooner, &later].map(|coupon| coupon.id.clone()));
    assert_eq!(list(Tab::Expired, None).await, [brief.id]);
    assert_eq!(list(Tab::Frozen, None).await, [frozen.id]);
    assert_eq!(list(Tab::Used, None).await, []);
}

/// Covers: IC-162
#[tokio::test]
async fn the_job_reminds_once_three_days_before_the_end() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let money = &house.payments.money;
    house.clock.advance(SignedDuration::from_hours(4 * 24 - 1));
    assert_eq!(sweep::expire_coupons(money).await.unwrap().done, 0);
    house.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(sweep::expire_coupons(money).await.unwrap().done, 1);
    let told = house.coupon(&coupon).await;
    assert_eq!((told.reminded_at, told.state.name()), (Some(house.now()), "usable"));
    assert_eq!(sweep::expire_coupons(money).await.unwrap().done, 0, "told once");
    house.clock.advance(SignedDuration::from_hours(3 * 24));
    assert_eq!(sweep::expire_coupons(money).await.unwrap().done, 1);
    assert_eq!(house.coupon(&coupon).await.state.name(), "expired");
}

/// Covers: IC-161, IC-203
#[tokio::test]
async fn staff_freeze_and_thaw_and_a_held_coupon_stays_held() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let (money, (by, why)) = (&house.payments.money, staff());
    let freeze = || coupons::freeze(money, &by, &coupon.owner, &coupon.id, &why);
    assert_eq!(freeze().await.unwrap().tab(house.now()), Tab::Frozen);
    freeze().await.unwrap();
    let photo = house.passed(person(1)).await;
    let refused = house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await;
    assert_eq!(refused, Err(Failure::Conflict { code: "coupon-not-usable" }));
    coupons::thaw(money, &by, &coupon.owner, &coupon.id, &why).await.unwrap();
    house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    assert_eq!(freeze().await, Err(Failure::Conflict { code: "coupon-not-usable" }));
    assert_eq!(
        house.audit_actions(&coupon.owner).await,
        ["coupon-thaw", "coupon-freeze"],
        "once each, and no refused one"
    );
}
