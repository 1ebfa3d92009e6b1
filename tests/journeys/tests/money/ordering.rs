//! Photos inspected first and paid after.

use std::time::Instant;

use journeys::{Person, Town};
use reqwest::Method;
use serde_json::json;

use crate::{code, no, passed, place};

pub async fn an_order_is_paid_at_either_provider_with_and_without_a_coupon(
    town: &Town,
    person: &Person,
    staff: &Person,
) {
    for (provider, with_coupon) in [("wechat", false), ("wechat", true), ("alipay", false), ("alipay", true)] {
        let case = format!("{provider} {with_coupon}");
        let photo = passed(town, person, &case).await;
        let unpaid = town.get(person, &format!("/v1/photos/{photo}/standard-photo")).await;
        assert_eq!((unpaid.status.as_u16(), &unpaid.body["code"]), (409, &"photo-not-paid".into()));
        let coupon = if with_coupon { Some(town.grant(staff, person, 50, 300, &case).await) } else { None };
        let order = place(town, person, &[&photo], provider, coupon.as_deref()).await;
        let line = &order["lines"][0];
        assert_eq!((&line["imageNo"], &line["region"]), (&photo.as_str().into(), &"广东省-深圳市".into()));
        let net = if with_coupon { 100 } else { 150 };
        assert_eq!((&order["state"], &order["netFen"]), (&"awaiting-payment".into(), &net.into()), "{case}");
        let twice = json!({"imageNos": [photo], "method": "balance"});
        let twice = town.post(person, "/v1/orders", &format!("twice {case}"), twice).await;
        assert_eq!((twice.status.as_u16(), &twice.body["code"]), (409, &"photo-already-ordered".into()));
        if with_coupon {
            assert!(town.coupons(person, "frozen").await.contains(coupon.as_ref().unwrap()), "IC-159 {case}");
        }
        let code = code(town, person, no(&order), &format!("pay {case}")).await;
        let phone = town.pay_by_phone(&code).await;
        assert!(phone.contains(if with_coupon { "¥1.00" } else { "¥1.50" }), "IC-71 {phone}");
        let order = town.until_order(person, no(&order), "paid").await;
        assert_eq!(order["paidWith"], provider);
        assert_eq!(town.get(person, &format!("/v1/photos/{photo}")).await.body["state"], "paid", "IC-72 {case}");
        assert_eq!(town.get(person, &format!("/v1/photos/{photo}/standard-photo")).await.status, 200);
        if let Some(coupon) = &coupon {
            assert!(town.coupons(person, "used").await.contains(coupon), "{case}");
        }
    }
    assert_eq!(town.wallet(person).await, (0, 0), "providers' money is not the wallet's");
    let photo = passed(town, person, "page").await;
    let order = place(town, person, &[&photo], "alipay", None).await;
    let wish = json!({"scene": "page", "returnUrl": "http://127.0.0.1/me/orders"});
    let paying = town.post(person, &format!("/v1/orders/{}/payments", no(&order)), "page", wish).await.body;
    let page = town.http.get(paying["code"]["url"].as_str().unwrap()).send().await.unwrap().text().await.unwrap();
    assert!(page.contains("支付宝") && page.contains("¥1.50"), "IC-73 {page}");
}

pub async fn an_order_of_nothing_is_paid_at_once(town: &Town, person: &Person, staff: &Person) {
    let photo = passed(town, person, "free").await;
    let coupon = town.grant(staff, person, 200, 300, "free").await;
    let order = place(town, person, &[&photo], "wechat", Some(&coupon)).await;
    assert_eq!((&order["state"], &order["netFen"], &order["paidWith"]), (&"paid".into(), &0.into(), &"coupon".into()));
    assert!(town.coupons(person, "used").await.contains(&coupon));
    assert_eq!(town.get(person, &format!("/v1/photos/{photo}")).await.body["state"], "paid");
}

pub async fn a_second_success_goes_back(town: &Town, person: &Person) {
    let photo = passed(town, person, "twice").await;
    let order = place(town, person, &[&photo], "wechat", None).await;
    let path = format!("/v1/orders/{}", no(&order));
    let first = code(town, person, no(&order), "first").await;
    let changed = town.command(person, Method::PATCH, &path, "change", json!({"method": "alipay"})).await;
    assert_eq!((changed.status.as_u16(), &changed.body["method"]), (200, &"alipay".into()), "{}", changed.body);
    assert_eq!(town.trade(&first).await["status"], "closed", "the first attempt cannot be paid any more");
    let second = code(town, person, no(&order), "second").await;
    town.pay_by_phone(&second).await;
    town.until_order(person, no(&order), "paid").await;
    town.simulate("scan", json!({"code": first, "force": true})).await;
    let started = Instant::now();
    while town.trade(&first).await["status"] != "refunded" {
        assert!(started.elapsed() < journeys::PATIENCE, "the second success stays");
        town.sweep().await;
    }
    let order = town.order(person, no(&order)).await;
    assert_eq!((&order["state"], &order["paidWith"]), (&"paid".into(), &"alipay".into()));
    let again = town.post(person, &format!("{path}/payments"), "third", json!({})).await;
    assert!(again.status == 200 && again.body["code"].is_null(), "a paid order has no code: {}", again.body);
}

pub async fn orders_are_taken_back_once(town: &Town, person: &Person, staff: &Person) {
    town.fund(person, 300, "fund").await;
    for method in ["balance", "wechat", "alipay"] {
        let photo = passed(town, person, &format!("back {method}")).await;
        let order = place(town, person, &[&photo], method, None).await;
        let path = format!("/v1/orders/{}", no(&order));
        if method == "balance" {
            town.post(person, &format!("{path}/payments"), method, json!({})).await;
        } else {
            town.pay_by_phone(&code(town, person, no(&order), method).await).await;
            town.until_order(person, no(&order), "paid").await;
        }
        let wish = json!({"account": person.account, "why": "误购"});
        let key = format!("refund {method}");
        let theirs = town.post(person, &format!("{path}/refund"), &key, wish.clone()).await;
        assert_eq!(theirs.status, 403, "only staff");
        for _ in 0..2 {
            let answer = town.post(staff, &format!("{path}/refund"), &key, wish.clone()).await;
            assert_eq!(answer.status, 200, "{}", answer.body);
        }
        let started = Instant::now();
        while town.order(person, no(&order)).await["state"] != "refunded" {
            assert!(started.elapsed() < journeys::PATIENCE, "{method}: the money does not arrive");
            town.sweep().await;
        }
    }
    assert_eq!(town.wallet(person).await, (300, 0));
}
