//! Coupons and the calendar.

use domain::money::coupon::Tab;
use domain::money::order::Method;
use jiff::SignedDuration;

use super::house::{House, person, staff};
use crate::coupons;
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
