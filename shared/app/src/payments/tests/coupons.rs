//! Coupons and the calendar.

use domain::money::Fen;
use domain::money::coupon::Tab;
use domain::money::order::Method;
use jiff::SignedDuration;

use super::house::{House, person, staff};
use crate::coupons::{self, Grant};
use crate::failure::Failure;
use crate::payments::sweep;

#[tokio::test]
async fn xx_04_ic_160_expiry_is_true_before_the_job_and_the_job_runs_twice_harmlessly() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 1).await;
    let frozen = house.granted(person(1), 50, 1).await;
    let (by, why) = staff();
    coupons::freeze(&house.cashier.till, &by, &frozen.owner, &frozen.id, &why).await.unwrap();
    house.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(house.coupon(&coupon).await.tab(house.now().await), Tab::Expired);
    assert_eq!(house.coupon(&coupon).await.state.name(), "usable", "not written down yet");
    let swept = sweep::expire_coupons(&house.cashier.till).await.unwrap();
    assert_eq!((swept.done, swept.failed), (2, 0));
    let again = sweep::expire_coupons(&house.cashier.till).await.unwrap();
    assert_eq!((again.done, again.left), (0, 0));
    assert_eq!(house.coupon(&coupon).await.state.name(), "expired");
}

#[tokio::test]
async fn ic_161_only_a_sensible_grant_is_made() {
    let house = House::new();
    let (till, (by, why), now) = (&house.cashier.till, staff(), house.now().await);
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
        let refused = coupons::grant(till, &by, &wish, &why, &house.new_command()).await;
        assert_eq!(refused, Err(Failure::Invalid { field, code }), "{wish:?}");
    }
    for wish in [sensible.clone(), face(1), Grant { owners: of(90), ..sensible }] {
        let granted = coupons::grant(till, &by, &wish, &why, &house.new_command()).await.unwrap();
        assert_eq!(granted.len(), wish.owners.len());
    }
}

#[tokio::test]
async fn ic_156_ic_158_each_tab_lists_its_own_and_the_usable_ones_as_they_would_be_picked() {
    let house = House::new();
    let later = house.granted(person(1), 50, 9).await;
    let sooner = house.granted(person(1), 50, 7).await;
    let larger = house.granted(person(1), 60, 7).await;
    let brief = house.granted(person(1), 50, 1).await;
    let (till, (by, why)) = (&house.cashier.till, staff());
    let demanding = Grant {
        owners: vec![later.owner.clone()],
        face_fen: Fen::new(70),
        min_spend_fen: Fen::new(300),
        expires_at: later.expires_at,
    };
    let demanding = coupons::grant(till, &by, &demanding, &why, &house.new_command()).await.unwrap().remove(0);
    let frozen = house.granted(person(1), 50, 7).await;
    coupons::freeze(till, &by, &frozen.owner, &frozen.id, &why).await.unwrap();
    house.clock.advance(SignedDuration::from_hours(24));
    let now = house.now().await;
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

#[tokio::test]
async fn ic_162_the_job_reminds_once_three_days_before_the_end() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let till = &house.cashier.till;
    house.clock.advance(SignedDuration::from_hours(4 * 24 - 1));
    assert_eq!(sweep::expire_coupons(till).await.unwrap().done, 0);
    house.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(sweep::expire_coupons(till).await.unwrap().done, 1);
    let told = house.coupon(&coupon).await;
    assert_eq!((told.reminded_at, told.state.name()), (Some(house.now().await), "usable"));
    assert_eq!(sweep::expire_coupons(till).await.unwrap().done, 0, "told once");
    house.clock.advance(SignedDuration::from_hours(3 * 24));
    assert_eq!(sweep::expire_coupons(till).await.unwrap().done, 1);
    assert_eq!(house.coupon(&coupon).await.state.name(), "expired");
}

#[tokio::test]
async fn ic_161_ic_203_staff_freeze_and_thaw_and_a_held_coupon_stays_held() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let (till, (by, why)) = (&house.cashier.till, staff());
    let freeze = || coupons::freeze(till, &by, &coupon.owner, &coupon.id, &why);
    assert_eq!(freeze().await.unwrap().tab(house.now().await), Tab::Frozen);
    freeze().await.unwrap();
    let photo = house.passed(person(1)).await;
    let refused = house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await;
    assert_eq!(refused, Err(Failure::Conflict { code: "coupon-not-usable" }));
    coupons::thaw(till, &by, &coupon.owner, &coupon.id, &why).await.unwrap();
    house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    assert_eq!(freeze().await, Err(Failure::Conflict { code: "coupon-not-usable" }));
    assert_eq!(house.done_to(&coupon.owner).await, ["coupon-thaw", "coupon-freeze"], "once each, and no refused one");
}
