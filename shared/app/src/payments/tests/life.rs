//! Scenarios in the customer's words.

use domain::money::Fen;
use domain::money::coupon::Tab;
use domain::money::ledger::Kind;
use domain::money::order::{Method, PaidBy, State};
use domain::money::payment::{PayCode, Provider};
use jiff::SignedDuration;

use super::bank::{Trade, signed};
use super::house::{House, person, staff};
use super::promises::{Rows, all_ended};
use crate::failure::Failure;
use crate::payments::{NoticeRefused, sweep, take_notice};
use crate::wallet::statement::{self, Filter};
use crate::{coupons, orders, recharges};

#[tokio::test]
async fn ic_60_i24_an_upload_the_balance_cannot_pay_is_refused_and_nothing_moves() {
    let house = House::new();
    house.funded(person(1), 299).await;
    house.submit(person(1), Method::Balance, "first").await.unwrap();
    let before = house.store.inner.dump();
    let refused = house.submit(person(1), Method::Balance, "second").await;
    assert_eq!(refused, Err(Failure::Short { available: 149, needed: 150 }));
    let mut after = house.store.inner.dump();
    after.retain(|key, row| before.get(key) != Some(row));
    assert!(after.keys().all(|key| key.pk == "COUNTER"), "only the number counter moved: {after:?}");
}

#[tokio::test]
async fn ic_61_ic_63_a_pass_takes_what_was_held_and_shows_in_the_orders() {
    let house = House::new();
    house.funded(person(1), 55_884).await;
    let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
    assert_eq!(house.balance(person(1)).await.available, Fen::new(55_734));
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(55_884));
    house.inspect(person(1), number, b"pass").await.unwrap();
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(55_734));
    let owner = person(1).to_string();
    let filter = orders::Filter::default();
    let found = orders::list(&house.store.inner, &owner, orders::Type::Photos, &filter, 10, None);
    let found = found.await.unwrap().orders;
    assert_eq!((found.len(), found[0].state(), found[0].net()), (1, "paid", Fen::new(150)));
    house.assert_promises("after a pass").await;
}

#[tokio::test]
async fn i9_a_photo_that_fails_or_times_out_costs_nothing_and_frees_the_coupon() {
    for bytes in [Some(b"fail".as_slice()), Some(b"junk"), None] {
        let house = House::new();
        house.funded(person(1), 150).await;
        let coupon = house.granted(person(1), 50, 7).await;
        let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
        assert_eq!(house.coupon(&coupon).await.tab(house.now().await), Tab::Frozen);
        match bytes {
            Some(bytes) => house.inspect(person(1), number, bytes).await.unwrap(),
            None => house.settle_down().await,
        }
        assert_eq!(house.balance(person(1)).await.available, Fen::new(150));
        assert_eq!(house.coupon(&coupon).await.state.name(), "usable");
        house.assert_promises("after a fail").await;
    }
}

#[tokio::test]
async fn ic_62_i14_the_balance_takes_the_soonest_then_the_largest_coupon() {
    let house = House::new();
    house.funded(person(1), 600).await;
    let later = house.granted(person(1), 150, 9).await;
    let small = house.granted(person(1), 20, 3).await;
    let large = house.granted(person(1), 50, 3).await;
    let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
    house.inspect(person(1), number, b"pass").await.unwrap();
    assert_eq!(house.coupon(&large).await.state.name(), "used");
    assert_eq!(house.coupon(&small).await.state.name(), "usable");
    assert_eq!(house.coupon(&later).await.state.name(), "usable");
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(500));
    house.assert_promises("after a coupon").await;
}

#[tokio::test]
async fn ic_76_i15_a_coupon_that_covers_everything_pays_at_once() {
    let house = House::new();
    let coupon = house.granted(person(1), 200, 7).await;
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    assert!(matches!(order.state, State::Paid { by: PaidBy::Coupon, .. }));
    assert_eq!(house.wechat.calls(), 0, "no provider is called for nothing");
    assert_eq!(house.coupon(&coupon).await.state.name(), "used");
    house.assert_promises("after a free order").await;
    let free = house.granted(person(2), 200, 7).await;
    let number = house.submit(person(2), Method::Balance, "photo").await.unwrap();
    house.inspect(person(2), number, b"pass").await.unwrap();
    assert_eq!(house.coupon(&free).await.state.name(), "used", "an empty wallet and a coupon for all of it");
    house.assert_promises("after a free photo").await;
}

#[tokio::test]
async fn ic_68_ic_71_ic_72_wechat_is_paid_after_the_inspection() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let order = house.place(person(1), &photos, Method::Wechat, Some(&coupon), "order").await.unwrap();
    let paying = house.pay(&order).await.unwrap();
    let no = paying.order.attempt().unwrap();
    assert_eq!(paying.code, Some(PayCode::Qr { text: format!("bank://{no}") }));
    assert_eq!(house.wechat.trades()[&no], (Fen::new(250), Trade::Unpaid), "IC-71: the price less the coupon");
    assert_eq!(house.pay(&order).await.unwrap().code, paying.code, "asking again brings the same code");
    house.wechat.scan(&no);
    house.notify(Provider::Wechat, &no).await.unwrap();
    assert!(matches!(house.order(&order).await.state, State::Paid { .. }));
    house.assert_promises("after WeChat").await;
}

#[tokio::test]
async fn ic_66_the_method_may_change_and_the_first_attempt_is_closed() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    let order = house.change(&order, Method::Alipay, None).await.unwrap();
    assert_eq!(house.wechat.trades()[&first].1, Trade::Closed);
    let second = house.pay(&order).await.unwrap().order.attempt().unwrap();
    assert_ne!(first, second);
    house.alipay.scan(&second);
    house.notify(Provider::Alipay, &second).await.unwrap();
    assert!(matches!(house.order(&order).await.state, State::Paid { .. }));
    house.assert_promises("after a change").await;
}

#[tokio::test]
async fn ic_66_a_change_finds_the_payment_made_meanwhile() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.wechat.scan(&first);
    let changed = house.change(&order, Method::Balance, None).await.unwrap();
    assert!(matches!(changed.state, State::Paid { .. }), "paid by WeChat without any callback");
    house.assert_promises("after a late change").await;
}

#[tokio::test]
async fn ic_78_ic_164_an_unpaid_order_closes_and_frees_photo_and_coupon() {
    let house = House::new();
    let coupon = house.granted(person(1), 50, 7).await;
    let brief = house.granted(person(1), 50, 1).await;
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let one = house.place(person(1), &photos[..1], Method::Wechat, Some(&coupon), "one").await.unwrap();
    house.pay(&one).await.unwrap();
    house.advance(24 * 3600 - 60);
    let two = house.place(person(1), &photos[1..], Method::Alipay, Some(&brief), "two").await.unwrap();
    house.settle_down().await;
    assert!(matches!(house.order(&one).await.state, State::Closed { .. }));
    assert!(matches!(house.order(&two).await.state, State::Closed { .. }));
    assert_eq!(house.coupon(&coupon).await.state.name(), "usable");
    assert_eq!(house.coupon(&brief).await.state.name(), "expired", "it expired while the order held it");
    house.place(person(1), &photos, Method::Balance, None, "again").await.unwrap();
    house.assert_promises("after closing").await;
}

#[tokio::test]
async fn ic_75_i10_only_photos_that_passed_can_be_ordered() {
    let house = House::new();
    let failed = house.submit(person(1), Method::Wechat, "failed").await.unwrap();
    house.inspect(person(1), failed, b"fail").await.unwrap();
    let early = house.submit(person(1), Method::Wechat, "early").await.unwrap();
    for photo in [failed, early] {
        let refused = house.place(person(1), &[photo], Method::Wechat, None, &photo.to_string()).await;
        assert_eq!(refused, Err(Failure::Conflict { code: "photo-not-payable" }));
    }
}

#[tokio::test]
async fn i23_nobody_reaches_anothers_photo_order_coupon_or_recharge() {
    let house = House::new();
    let (mine, theirs) = (person(1), person(2));
    let photo = house.passed(mine).await;
    let coupon = house.granted(mine, 50, 7).await;
    let order = house.place(mine, &[photo], Method::Wechat, Some(&coupon), "order").await.unwrap();
    let (recharge, _) = house.recharge(mine, 150, "recharge").await.unwrap();
    let other = theirs.to_string();
    assert_eq!(house.place(theirs, &[photo], Method::Wechat, None, "x").await, Err(Failure::NotFound));
    assert_eq!(orders::get(&house.store.inner, &other, &order.no).await, Err(Failure::NotFound));
    assert_eq!(orders::cancel(&house.cashier, &other, &order.no, &house.new_command()).await, Err(Failure::NotFound));
    let (scene, command) = (crate::payments::provider::Scene::Qr, house.new_command());
    let paid = orders::pay(&house.cashier, &other, &order.no, scene, &command).await;
    assert_eq!(paid, Err(Failure::NotFound));
    assert_eq!(recharges::get(&house.store.inner, &other, &recharge).await, Err(Failure::NotFound));
    let own = house.passed(theirs).await;
    assert_eq!(house.place(theirs, &[own], Method::Wechat, Some(&coupon), "y").await, Err(Failure::NotFound));
}

#[tokio::test]
async fn i8_a_success_after_the_order_closed_goes_back_in_full() {
    let house = House::new();
    house.wechat.slow_refunds();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.cancel(&order).await.unwrap();
    house.wechat.pay_anyway(&no, Fen::new(150));
    house.notify(Provider::Wechat, &no).await.unwrap();
    house.notify(Provider::Wechat, &no).await.unwrap();
    assert!(matches!(house.order(&order).await.state, State::Closed { .. }));
    house.assert_promises("before the refund").await;
    house.settle_down().await;
    assert_eq!(house.wechat.trades()[&no].1, Trade::Refunded);
    house.assert_promises("after the refund").await;
    all_ended(&house, "after the refund");
}

#[tokio::test]
async fn i8_an_order_paid_at_both_providers_is_paid_once_and_the_other_goes_back() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let first = house.pay(&order).await.unwrap().order.attempt().unwrap();
    let order = house.change(&order, Method::Alipay, None).await.unwrap();
    let second = house.pay(&order).await.unwrap().order.attempt().unwrap();
    house.wechat.pay_anyway(&first, Fen::new(150));
    house.alipay.scan(&second);
    house.notify(Provider::Wechat, &first).await.unwrap();
    house.notify(Provider::Alipay, &second).await.unwrap();
    house.settle_down().await;
    let refunded = [house.wechat.trades()[&first].1, house.alipay.trades()[&second].1];
    assert_eq!(refunded, [Trade::Paid, Trade::Refunded], "the first to arrive counts");
    house.assert_promises("paid twice").await;
}

#[tokio::test]
async fn i18_ic_77_ic_170_a_notice_told_twenty_times_mixed_with_questions_counts_once() {
    let house = House::new();
    let (no, _) = house.recharge(person(1), 60_000, "recharge").await.unwrap();
    let payment = no.payment(1);
    house.wechat.scan(&payment);
    for n in 0..20 {
        if n % 3 == 1 {
            house.advance(5);
            sweep::ask_providers(&house.cashier).await.unwrap();
        }
        house.notify(Provider::Wechat, &payment).await.unwrap();
    }
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(60_000));
    house.assert_promises("after twenty notices").await;
}

#[tokio::test]
async fn i19_forged_or_wrong_notices_change_nothing() {
    let house = House::new();
    let (no, _) = house.recharge(person(1), 150, "recharge").await.unwrap();
    let payment = no.payment(1);
    house.wechat.scan(&payment);
    let before = house.store.inner.dump();
    let mut forged = house.wechat.notice(&payment);
    forged.body.push(b' ');
    let told = take_notice(&house.cashier, Provider::Wechat, &forged).await;
    assert!(matches!(told, Err(NoticeRefused::Forged(_))));
    let mismatch = NoticeRefused::Failed(Failure::Conflict { code: "payment-mismatch" });
    let wrong = signed(&format!("{payment} 15000"));
    assert_eq!(take_notice(&house.cashier, Provider::Wechat, &wrong).await, Err(mismatch.clone()));
    let genuine = house.wechat.notice(&payment);
    assert_eq!(take_notice(&house.cashier, Provider::Alipay, &genuine).await, Err(mismatch));
    let unknown = signed("2024011513365600000001P01 150");
    let told = take_notice(&house.cashier, Provider::Wechat, &unknown).await;
    assert_eq!(told, Err(NoticeRefused::Failed(Failure::NotFound)));
    assert_eq!(house.store.inner.dump(), before);
}

#[tokio::test]
async fn i17_one_key_is_one_command_with_one_answer() {
    let house = House::new();
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let first = house.place(person(1), &photos[..1], Method::Wechat, None, "key").await.unwrap();
    let before = house.store.inner.dump();
    assert_eq!(house.place(person(1), &photos[..1], Method::Wechat, None, "key").await, Ok(first));
    let other = house.place(person(1), &photos[1..], Method::Wechat, None, "key").await;
    assert_eq!(other, Err(Failure::KeyReused));
    assert_eq!(house.store.inner.dump(), before);
    let twice = house.place(person(1), &photos[..1], Method::Wechat, None, "another key").await;
    assert_eq!(twice, Err(Failure::Conflict { code: "photo-already-ordered" }));
}

#[tokio::test]
async fn ic_171_ic_172_transactions_narrow_by_number_type_and_day() {
    let house = House::new();
    house.funded(person(1), 1000).await;
    house.advance(24 * 3600);
    let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
    house.inspect(person(1), number, b"pass").await.unwrap();
    let owner = person(1).to_string();
    let all = statement::all(&house.store.inner, &owner, &Filter::default()).await.unwrap();
    let kinds: Vec<Kind> = all.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Recharge, Kind::Spend], "holds are not shown");
    assert_eq!(all.iter().map(|entry| entry.amount_fen.get()).sum::<i64>(), 850);
    let day = domain::shanghai::date(house.now().await);
    let narrow = [
        Filter { kind: Some(Kind::Spend), ..Filter::default() },
        Filter { order_no: Some(all[1].order_no.clone()), ..Filter::default() },
        Filter { from: Some(day), ..Filter::default() },
    ];
    for filter in narrow {
        let lines = statement::lines(&house.store.inner, &owner, &filter, 10, None).await.unwrap();
        assert_eq!(lines.entries, all[1..], "{filter:?}");
    }
    let before = Filter { to: Some(day.yesterday().unwrap()), ..Filter::default() };
    assert_eq!(statement::all(&house.store.inner, &owner, &before).await.unwrap(), all[..1]);
}

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

#[tokio::test]
async fn ic_130_ic_203_i20_staff_take_a_paid_order_back_once() {
    let house = House::new();
    house.funded(person(1), 150).await;
    let photos = [house.passed(person(1)).await, house.passed(person(1)).await];
    let by_balance = house.place(person(1), &photos[..1], Method::Balance, None, "one").await.unwrap();
    house.pay(&by_balance).await.unwrap();
    let by_wechat = house.place(person(1), &photos[1..], Method::Wechat, None, "two").await.unwrap();
    let no = house.pay(&by_wechat).await.unwrap().order.attempt().unwrap();
    house.wechat.scan(&no);
    house.notify(Provider::Wechat, &no).await.unwrap();
    for order in [&by_balance, &by_wechat] {
        house.refund(order).await.unwrap();
        house.refund(order).await.unwrap();
    }
    assert_eq!(house.done_to(&by_wechat.owner).await, ["order-refund", "order-refund"], "one line an order");
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(150));
    house.settle_down().await;
    for order in [&by_balance, &by_wechat] {
        assert_eq!(house.order(order).await.state.name(), "refunded");
    }
    assert_eq!(house.wechat.trades()[&no].1, Trade::Refunded);
    house.assert_promises("after refunds").await;
}

#[tokio::test]
async fn i20_a_provider_that_refuses_a_refund_is_asked_again_and_at_last_a_person() {
    use crate::store::Fault;
    let house = House::new();
    let mut numbers = Vec::new();
    for refusals in [3, 100] {
        let photo = house.passed(person(1)).await;
        let order = house.place(person(1), &[photo], Method::Wechat, None, &refusals.to_string()).await.unwrap();
        let no = house.pay(&order).await.unwrap().order.attempt().unwrap();
        house.wechat.scan(&no);
        house.notify(Provider::Wechat, &no).await.unwrap();
        house.refund(&order).await.unwrap();
        (0..refusals).for_each(|call| house.wechat.fail(call, Fault::Conflict));
        for _ in 0..12 {
            house.advance(1800);
            sweep::ask_providers(&house.cashier).await.unwrap();
        }
        house.wechat.forget_faults();
        numbers.push(no);
    }
    let refunds: Vec<domain::money::refund::Refund> = Rows::of(&house).all("REFUND");
    let state = |no: &String| refunds.iter().find(|refund| refund.payment_no == *no).unwrap().state.name();
    assert_eq!([state(&numbers[0]), state(&numbers[1])], ["succeeded", "abnormal"]);
    house.assert_promises("after refusals").await;
}

#[tokio::test]
async fn i7_a_hold_nobody_ends_expires_and_a_late_pass_charges_nothing() {
    let house = House::new();
    house.funded(person(1), 150).await;
    let number = house.submit(person(1), Method::Balance, "photo").await.unwrap();
    house.clock.advance(crate::wallet::hold_life());
    assert_eq!(sweep::release_holds(&house.cashier.till).await.unwrap().done, 1);
    assert_eq!(house.balance(person(1)).await.available, Fen::new(150));
    house.inspect(person(1), number, b"pass").await.unwrap();
    assert_eq!(house.balance(person(1)).await.balance, Fen::new(150));
    house.assert_promises("after an expired hold").await;
}

#[tokio::test]
async fn i3_i28_the_nightly_check_reports_what_was_tampered_with_and_repairs_nothing() {
    use crate::store::{Change, Store};
    let house = House::new();
    house.funded(person(1), 1000).await;
    let owner = person(1).to_string();
    let mut row = house.store.inner.get(&crate::books::key::entry(&owner, 1)).await.unwrap().unwrap();
    row["data"]["amountFen"] = 1001.into();
    house.store.inner.apply(Change::put(crate::books::key::entry(&owner, 1), row)).await.unwrap();
    let before = house.store.inner.dump();
    let report = crate::wallet::check::check(&house.store.inner).await.unwrap();
    let promises: Vec<&str> = report.differences.iter().map(|difference| difference.promise.as_str()).collect();
    assert_eq!(promises, ["I1", "I3"]);
    assert_eq!(house.store.inner.dump(), before);
    assert_eq!(Rows::of(&house).all::<domain::money::ledger::Entry>("LEDGER#").len(), 1);
}
