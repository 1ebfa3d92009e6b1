//! From the first yuan to the last: recharges, photos and orders paid in every way, coupons, and the books behind them, on a whole
//! stack with the providers' wire protocols.
#![allow(clippy::unwrap_used)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use drawn::{Portrait, fault};
use jiff::SignedDuration;
use journeys::{Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

/// One stack for all journeys: deploying it takes longer than walking them.
#[tokio::test(flavor = "multi_thread")]
async fn money() {
    let town = Arc::new(Town::build());
    let step = |name: &str| println!("- {name}");
    let staff = town.cashier("cashier").await;
    let person = town.newcomer("payer").await;
    step("IC-165 IC-166 IC-168 IC-169 IC-170 recharges at either provider");
    recharges_are_credited_once_and_seen_at_once(&town, &person).await;
    step("IC-77 I18 one callback twenty times, mixed with questions");
    twenty_callbacks_mixed_with_questions_are_one(&town, &person).await;
    step("IC-77 I19 forged, tampered, stale and misaddressed callbacks");
    bad_callbacks_change_nothing(&town, &person).await;
    step("IC-61 IC-63 IC-51 IC-60 a photo paid by balance");
    a_pass_takes_what_was_held_and_a_fail_gives_it_back(&town).await;
    step("IC-62 IC-158 the coupon that expires soonest");
    the_balance_takes_the_soonest_then_the_largest_coupon(&town, &staff).await;
    step("IC-64 to IC-72 IC-75 IC-79 IC-207 inspected first, paid after");
    an_order_is_paid_at_either_provider_with_and_without_a_coupon(&town, &staff).await;
    step("IC-76 a coupon that covers everything");
    an_order_of_nothing_is_paid_at_once(&town, &staff).await;
    step("IC-66 IC-79 a changed method, a second success");
    a_second_success_goes_back(&town).await;
    step("XX-08 I17 repeated commands");
    the_same_command_is_one(&town).await;
    step("IC-163 I8 I12 many at once for one coupon and one order");
    many_at_once_win_once(&town, &staff).await;
    step("I25 workers killed while they take money");
    killed_workers_lose_and_double_nothing(&town).await;
    step("IC-130 I20 staff take orders back");
    orders_are_taken_back_once(&town, &staff).await;
    step("IC-129 IC-131 IC-132 IC-171 IC-172 lists, filters, statement");
    lists_narrow_and_the_statement_adds_up(&town, &person).await;
    step("IC-56 IC-78 IC-156 to IC-164 XX-04 IC-201 what the clock does");
    the_clock_closes_frees_reminds_and_expires(&town, &staff).await;
    step("IC-173 I1 to I5 the nightly check");
    the_nightly_check_finds_nothing_and_then_what_was_changed(&town, &person).await;
}

fn passing() -> Vec<u8> {
    Portrait::passing().jpeg()
}

/// A photo that passed and that nobody paid for; its number.
async fn passed(town: &Town, person: &Person, key: &str) -> String {
    let number = town.submit(person, key, &passing()).await;
    assert_eq!(town.outcome(person, &number).await["state"], "passed");
    number
}

/// Ticket and upload of a photo that the balance pays.
async fn submit_by_balance(town: &Town, person: &Person, key: &str, file: &[u8]) -> String {
    let mut form = Town::form(file.len());
    form["paymentMethod"] = "balance".into();
    let ticket = town.submit_form(person, key, form).await;
    assert_eq!(ticket.status, 201, "{}", ticket.body);
    assert_eq!(town.upload(&ticket.body, file).await, 201);
    ticket.body["imageNo"].as_str().unwrap().to_owned()
}

/// An order that waits; its number.
async fn place(town: &Town, person: &Person, photos: &[&str], method: &str, coupon: Option<&str>) -> Value {
    let mut wish = json!({"imageNos": photos, "method": method});
    if let Some(coupon) = coupon {
        wish["couponId"] = coupon.into();
    }
    let made = town.post(person, "/v1/orders", &format!("place {}", photos.join("-")), wish).await;
    assert_eq!(made.status, 201, "{}", made.body);
    made.body
}

fn no(order: &Value) -> &str {
    order["no"].as_str().unwrap()
}

/// What a provider is to be paid by.
async fn code(town: &Town, person: &Person, order: &str, key: &str) -> String {
    let paying = town.post(person, &format!("/v1/orders/{order}/payments"), key, json!({"scene": "qr"})).await;
    assert_eq!(paying.status, 200, "{}", paying.body);
    paying.body["code"]["text"].as_str().unwrap_or_else(|| panic!("{}", paying.body)).to_owned()
}

async fn recharges_are_credited_once_and_seen_at_once(town: &Town, person: &Person) {
    let options = town.get(person, "/v1/recharges/options").await.body;
    assert_eq!((&options["minFen"], &options["maxFen"]), (&150.into(), &60_000.into()));
    for fen in [149, 60_001, 0, -150] {
        let refused = town.post(person, "/v1/recharges", &format!("bad {fen}"), json!({"amountFen": fen})).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["code"]), (422, &"amount-out-of-range".into()));
    }
    let mut balance = 0;
    for (provider, fen, shown) in [("wechat", 3_000, "¥30.00"), ("alipay", 150, "¥1.50")] {
        let (no, code) = town.recharge(person, fen, provider, provider).await;
        let (again, same) = town.recharge(person, fen, provider, provider).await;
        assert_eq!((&no, &code), (&again, &same), "one key, one recharge");
        let waits = town.get(person, &format!("/v1/recharges/{no}?wait=20"));
        let pays = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let phone = town.pay_by_phone(&code).await;
            assert!(phone.contains(shown), "{phone}");
            Instant::now()
        };
        let (seen, paid_at) = tokio::join!(waits, pays);
        assert_eq!(seen.body["state"], "credited", "{}", seen.body);
        println!("  {provider}: seen {:?} after the phone said paid", paid_at.elapsed());
        balance += fen;
        assert_eq!(town.wallet(person).await, (balance, 0));
    }
}

async fn twenty_callbacks_mixed_with_questions_are_one(town: &Arc<Town>, person: &Person) {
    for provider in ["wechat", "alipay"] {
        let before = town.wallet(person).await.0;
        town.simulate("faults", json!({"fault": "drop-notice"})).await;
        let (no, code) = town.recharge(person, 500, provider, &format!("twenty {provider}")).await;
        town.pay_by_phone(&code).await;
        // The question is asked as soon as it is due: six seconds later.
        town.set_clock_ahead(SignedDuration::from_secs(6)).await;
        let sweeps = tokio::spawn({
            let town = town.clone();
            async move {
                for _ in 0..3 {
                    town.sweep().await;
                }
            }
        });
        let taken = town.notices(&code, 20).await;
        sweeps.await.unwrap();
        town.set_clock_ahead(SignedDuration::ZERO).await;
        town.until_credited(person, &no).await;
        println!("  {provider}: {taken} of 20 callbacks answered within five seconds");
        assert_eq!(town.wallet(person).await.0, before + 500);
        let lines = town.get(person, &format!("/v1/transactions?orderNo={no}")).await.body;
        assert_eq!(lines["items"].as_array().unwrap().len(), 1, "{lines}");
    }
}

async fn bad_callbacks_change_nothing(town: &Town, person: &Person) {
    let bad = ["tampered-notice", "wrong-amount-notice", "wrong-merchant-notice", "stale-notice", "probe-notice"];
    for (provider, faults) in [("wechat", &bad[..]), ("alipay", &bad[..3])] {
        let before = town.wallet(person).await.0;
        town.simulate("faults", json!({"fault": "drop-notice"})).await;
        let (no, code) = town.recharge(person, 700, provider, &format!("bad notices {provider}")).await;
        town.pay_by_phone(&code).await;
        for fault in faults {
            town.simulate("faults", json!({"fault": fault})).await;
            assert_eq!(town.notices(&code, 1).await, 0, "{provider} {fault}");
            assert_eq!(town.wallet(person).await.0, before, "{provider} {fault}");
        }
        town.notices(&code, 1).await;
        town.until_credited(person, &no).await;
        assert_eq!(town.wallet(person).await.0, before + 700);
    }
    for (path, body) in [("wechat", "{}"), ("alipay", "out_trade_no=1&sign=AAAA"), ("wechat", "")] {
        let url = format!("/v1/payments/notices/{path}");
        let answer = town.send(None, Method::POST, &url, &[], Some(json!(body))).await;
        assert_eq!(answer.status, 401, "{path} {body}");
    }
}

async fn a_pass_takes_what_was_held_and_a_fail_gives_it_back(town: &Town) {
    let person = &town.newcomer("prepaid").await;
    let mut form = Town::form(50_000);
    form["paymentMethod"] = "balance".into();
    let refused = town.submit_form(person, "poor", form).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (402, &"balance-too-low".into()));
    assert_eq!(town.get(person, "/v1/photos").await.body["items"], json!([]), "nothing to inspect");
    town.fund(person, 1_000, "fund").await;
    let number = submit_by_balance(town, person, "pays", &passing()).await;
    let photo = town.outcome(person, &number).await;
    assert_eq!((&photo["state"], &photo["feeFen"], &photo["paid"]), (&"paid".into(), &150.into(), &true.into()));
    assert_eq!(town.wallet(person).await, (850, 0));
    assert_eq!(town.get(person, &format!("/v1/photos/{number}/standard-photo")).await.status, 200);
    let orders = town.get(person, "/v1/orders").await.body;
    let order = &orders["items"][0];
    assert_eq!(
        (&order["state"], &order["netFen"], &order["paidWith"]),
        (&"paid".into(), &150.into(), &"balance".into())
    );
    let tilted = fault("tilted").unwrap().portrait.jpeg();
    let number = submit_by_balance(town, person, "fails", &tilted).await;
    assert_eq!(town.outcome(person, &number).await["state"], "failed");
    assert_eq!(town.wallet(person).await, (850, 0), "a refused photo costs nothing");
    let refused = town.post(person, "/v1/orders", "failed", json!({"imageNos": [number], "method": "wechat"})).await;
    assert_eq!((refused.status.as_u16(), &refused.body["code"]), (409, &"photo-not-payable".into()));
}

async fn the_balance_takes_the_soonest_then_the_largest_coupon(town: &Town, staff: &Person) {
    let person = &town.newcomer("thrifty").await;
    town.fund(person, 1_000, "fund").await;
    let later = town.grant(staff, person, 150, 900, "later").await;
    let small = town.grant(staff, person, 20, 300, "small").await;
    let large = town.grant(staff, person, 50, 300, "large").await;
    let usable = town.coupons(person, "usable").await;
    // Granted a moment apart, they expire a moment apart: the list says which comes first.
    assert_eq!(usable[2], later);
    let (taken, face) = if usable[0] == large { (&large, 50) } else { (&small, 20) };
    let number = submit_by_balance(town, person, "with a coupon", &passing()).await;
    assert_eq!(town.outcome(person, &number).await["state"], "paid");
    assert_eq!(town.wallet(person).await, (1_000 - 150 + face, 0));
    let used = town.get(person, "/v1/coupons?state=used").await.body;
    let coupon = &used["items"][0];
    assert_eq!(coupon["id"], taken.as_str());
    let order = town.order(person, coupon["orderNo"].as_str().unwrap()).await;
    assert_eq!(
        (&order["grossFen"], &order["discountFen"]),
        (&150.into(), &face.into()),
        "IC-157 the order that used it"
    );
}

async fn an_order_is_paid_at_either_provider_with_and_without_a_coupon(town: &Town, staff: &Person) {
    let person = &town.newcomer("postpaid").await;
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

async fn an_order_of_nothing_is_paid_at_once(town: &Town, staff: &Person) {
    let person = &town.newcomer("lucky").await;
    let photo = passed(town, person, "free").await;
    let coupon = town.grant(staff, person, 200, 300, "free").await;
    let order = place(town, person, &[&photo], "wechat", Some(&coupon)).await;
    assert_eq!((&order["state"], &order["netFen"], &order["paidWith"]), (&"paid".into(), &0.into(), &"coupon".into()));
    assert_eq!(town.coupons(person, "used").await, [coupon]);
    assert_eq!(town.get(person, &format!("/v1/photos/{photo}")).await.body["state"], "paid");
}

async fn a_second_success_goes_back(town: &Town) {
    let person = &town.newcomer("hasty").await;
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

async fn the_same_command_is_one(town: &Town) {
    let person = &town.newcomer("repetitive").await;
    town.fund(person, 600, "fund").await;
    let photos = [passed(town, person, "one").await, passed(town, person, "two").await];
    let order = place(town, person, &[&photos[0]], "balance", None).await;
    let other = place(town, person, &[&photos[1]], "balance", None).await;
    let pay = format!("/v1/orders/{}/payments", no(&order));
    let missing = town.send(Some(person), Method::POST, &pay, &[], Some(json!({}))).await;
    assert_eq!((missing.status.as_u16(), &missing.body["code"]), (400, &"idempotency-key-missing".into()));
    let (first, twin) =
        tokio::join!(town.post(person, &pay, "pay", json!({})), town.post(person, &pay, "pay", json!({})));
    assert_eq!((first.status.as_u16(), &first.body), (200, &twin.body), "{}", first.body);
    assert_eq!(first.body["order"]["state"], "paid");
    assert_eq!(town.wallet(person).await, (450, 0));
    let reused = town.post(person, &format!("/v1/orders/{}/payments", no(&other)), "pay", json!({})).await;
    assert_eq!((reused.status.as_u16(), &reused.body["code"]), (422, &"idempotency-key-reused".into()));
    let path = format!("/v1/orders/{}", no(&other));
    let wish = json!({"method": "wechat"});
    let changed = town.command(person, Method::PATCH, &path, "change", wish.clone()).await;
    town.command(person, Method::PATCH, &path, "back", json!({"method": "balance"})).await;
    let replayed = town.command(person, Method::PATCH, &path, "change", wish).await;
    assert_eq!((changed.status.as_u16(), &changed.body), (200, &replayed.body));
    assert_eq!(town.order(person, no(&other)).await["method"], "balance", "a repeated change changes nothing again");
    let cancel = format!("{path}/cancellation");
    let cancelled = town.post(person, &cancel, "cancel", Value::Null).await;
    let replayed = town.post(person, &cancel, "cancel", Value::Null).await;
    assert_eq!((&cancelled.body["state"], &cancelled.body), (&"closed".into(), &replayed.body));
    assert_eq!(town.wallet(person).await, (450, 0));
}

async fn many_at_once_win_once(town: &Arc<Town>, staff: &Person) {
    const CROWD: usize = 24;
    let person = town.newcomer("crowd").await;
    town.fund(&person, 600, "fund").await;
    let mut photos = Vec::new();
    for n in 0..4 {
        photos.push(passed(town, &person, &format!("crowd {n}")).await);
    }
    let coupon = town.grant(staff, &person, 50, 300, "crowd").await;
    let placing = (0..CROWD).map(|n| {
        let (town, person) = (town.clone(), person.clone());
        let wish = json!({"imageNos": [photos[n % 4]], "method": "balance", "couponId": coupon});
        tokio::spawn(async move { town.post(&person, "/v1/orders", &format!("crowd {n}"), wish).await })
    });
    let mut won = Vec::new();
    for one in placing.collect::<Vec<_>>() {
        let answer = one.await.unwrap();
        if answer.status == 201 {
            won.push(no(&answer.body).to_owned());
        } else {
            assert!([409, 503].contains(&answer.status.as_u16()), "{}", answer.body);
        }
    }
    assert_eq!(won.len(), 1, "one coupon, one order");
    let paying = (0..CROWD).map(|n| {
        let (town, person, path) = (town.clone(), person.clone(), format!("/v1/orders/{}/payments", won[0]));
        tokio::spawn(async move { town.post(&person, &path, &format!("pay {n}"), json!({})).await })
    });
    for one in paying.collect::<Vec<_>>() {
        let answer = one.await.unwrap();
        assert!(answer.body["order"]["state"] == "paid" || answer.status == 503, "{}", answer.body);
    }
    assert_eq!(town.wallet(&person).await, (500, 0), "one order, one debit");
}

async fn killed_workers_lose_and_double_nothing(town: &Arc<Town>) {
    const ORDERS: usize = 6;
    let person = town.newcomer("unlucky payer").await;
    town.fund(&person, 10_000, "fund").await;
    let mut orders = Vec::new();
    for n in 0..ORDERS {
        let photo = passed(town, &person, &format!("killed {n}")).await;
        orders.push(no(&place(town, &person, &[&photo], "balance", None).await).to_owned());
    }
    let killer = tokio::spawn({
        let town = town.clone();
        async move {
            let mut killed = 0;
            for _ in 0..40 {
                killed += town.kill("Orders");
                tokio::time::sleep(Duration::from_millis(60)).await;
            }
            killed
        }
    });
    let tries = orders.iter().enumerate().map(|(n, order)| {
        let (town, person, path) = (town.clone(), person.clone(), format!("/v1/orders/{order}/payments"));
        tokio::spawn(async move {
            let (mut failed, started) = (0, Instant::now());
            loop {
                let answer = town.post(&person, &path, &format!("pay {n}"), json!({})).await;
                if answer.status == 200 {
                    assert_eq!(answer.body["order"]["state"], "paid", "{}", answer.body);
                    return failed;
                }
                failed += 1;
                assert!(started.elapsed() < journeys::PATIENCE, "{}", answer.text);
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        })
    });
    let mut failed = 0;
    for one in tries.collect::<Vec<_>>() {
        failed += one.await.unwrap();
    }
    let killed = killer.await.unwrap();
    assert!(killed > 0, "no worker to kill");
    println!("  {killed} workers killed, {failed} answers lost, {ORDERS} orders paid");
    assert_eq!(town.wallet(&person).await, (10_000 - 150 * ORDERS as i64, 0));
    let lines = town.get(&person, "/v1/transactions?type=spend").await.body;
    assert_eq!(lines["items"].as_array().unwrap().len(), ORDERS);
}

async fn orders_are_taken_back_once(town: &Town, staff: &Person) {
    let person = &town.newcomer("refunded").await;
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

async fn lists_narrow_and_the_statement_adds_up(town: &Town, person: &Person) {
    let recharges = town.get(person, "/v1/orders?type=recharge&state=paid").await.body;
    assert!(
        recharges["items"].as_array().unwrap().iter().all(|one| one["type"] == "recharge" && one["state"] == "paid")
    );
    let one = no(&recharges["items"][0]).to_owned();
    let found = town.get(person, &format!("/v1/orders?type=recharge&no={one}")).await.body;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    let none = town.get(person, "/v1/orders?type=recharge&to=2024-01-15").await.body;
    assert_eq!(none["items"], json!([]));
    let all = town.get(person, "/v1/transactions?limit=50").await.body;
    let sum: i64 = all["items"].as_array().unwrap().iter().map(|line| line["amountFen"].as_i64().unwrap()).sum();
    assert_eq!(sum, town.wallet(person).await.0, "the lines are the balance");
    let page = town.get(person, "/v1/transactions?limit=2").await.body;
    let next = page["nextCursor"].as_str().expect("more than two");
    let rest = town.get(person, &format!("/v1/transactions?limit=50&cursor={next}")).await.body;
    assert_eq!(rest["items"].as_array().unwrap().len() + 2, all["items"].as_array().unwrap().len());
    assert_eq!(town.get(person, "/v1/transactions?type=spend").await.body["items"], json!([]));
    let csv = town.get(person, "/v1/transactions/statement.csv").await.text;
    let lines: Vec<&str> = csv.trim_end().lines().collect();
    assert_eq!(lines.len(), 1 + all["items"].as_array().unwrap().len(), "{csv}");
    assert!(
        lines[0].ends_with("序号,交易时间,交易类型,订单编号,金额(元),余额(元)") && lines[1].contains(",充值,"),
        "{csv}"
    );
}

async fn the_clock_closes_frees_reminds_and_expires(town: &Town, staff: &Person) {
    let person = &town.newcomer("forgetful").await;
    town.fund(person, 300, "fund").await;
    let kept = town.grant(staff, person, 40, 24 * 30, "kept").await;
    let brief = town.grant(staff, person, 50, 24 * 4, "brief").await;
    let photo = passed(town, person, "unpaid").await;
    let order = place(town, person, &[&photo], "wechat", Some(&kept)).await;
    let code = code(town, person, no(&order), "pay").await;
    let frozen = town.post(
        staff,
        &format!("/v1/coupons/{brief}/freeze"),
        "x",
        json!({"account": person.account, "why": "核实"}),
    );
    assert_eq!(frozen.await.body["state"], "frozen");
    let thawed = town.post(
        staff,
        &format!("/v1/coupons/{brief}/thaw"),
        "x",
        json!({"account": person.account, "why": "核实完毕"}),
    );
    assert_eq!(thawed.await.body["state"], "usable");
    // Paid by the balance, begun and never concluded: its object cannot be fetched.
    let mut form = Town::form(50_000);
    form["paymentMethod"] = "balance".into();
    let ticket = town.submit_form(person, "stalled", form).await.body;
    assert_eq!(town.wallet(person).await, (300, 100), "the price less the coupon that expires soonest");
    assert_eq!(town.coupons(person, "frozen").await.len(), 2, "IC-159 both wait for an outcome");
    town.say_to_detection(&town.event(ticket["upload"]["fields"]["key"].as_str().unwrap()).to_string()).await;
    let stalled = format!("/v1/photos/{}", ticket["imageNo"].as_str().unwrap());
    let started = Instant::now();
    while town.get(person, &stalled).await.body["state"] != "inspecting" {
        assert!(started.elapsed() < journeys::PATIENCE, "the event was not taken");
    }
    let ahead = async |time: SignedDuration| {
        town.set_clock_ahead(time).await;
        let person = town.sign_in(person).await;
        town.sweep().await;
        person
    };
    let late = &ahead(SignedDuration::from_secs(31 * 60)).await;
    assert_eq!(town.get(late, &stalled).await.body["state"], "timed-out", "IC-56");
    assert_eq!(town.wallet(late).await, (300, 0), "IC-51 a time-out costs nothing");
    assert_eq!(town.order(late, no(&order)).await["state"], "closed", "IC-78");
    assert_eq!(town.trade(&code).await["status"], "closed", "and nobody can pay it any more");
    assert_eq!(town.coupons(late, "usable").await, [brief.clone(), kept.clone()], "both are free again");
    let again = town.post(late, "/v1/orders", "again", json!({"imageNos": [photo], "method": "balance"})).await;
    assert_eq!(again.status, 201, "the photo is free again: {}", again.body);
    let late = &ahead(SignedDuration::from_hours(25)).await;
    let usable = town.get(late, "/v1/coupons").await.body;
    let reminded = |id: &str| {
        usable["items"].as_array().unwrap().iter().any(|one| one["id"] == id && one["remindedAt"].is_string())
    };
    assert!(reminded(&brief) && !reminded(&kept), "IC-162 {usable}");
    let late = &ahead(SignedDuration::from_hours(97)).await;
    assert_eq!(town.coupons(late, "expired").await, [brief], "IC-160");
    assert_eq!(town.sweep().await["coupons"]["done"], 0, "XX-04 running it again changes nothing");
    town.set_clock_ahead(SignedDuration::ZERO).await;
}

async fn the_nightly_check_finds_nothing_and_then_what_was_changed(town: &Town, person: &Person) {
    use app::store::{Change, Store};
    let report = town.check_books().await.unwrap_or_else(|failed| panic!("{failed}"));
    assert_eq!(report["differences"], json!([]), "{report}");
    println!(
        "  {} wallets, {} lines, {} transactions: no difference",
        report["wallets"], report["entries"], report["transactions"]
    );
    let total: i64 = report["trialBalance"].as_object().unwrap().values().map(|fen| fen.as_i64().unwrap()).sum();
    assert_eq!(total, 0, "{report}");
    let (store, line) = (town.store().await, app::books::key::entry(&person.account, 1));
    let was = store.get(&line).await.unwrap().unwrap();
    let mut changed = was.clone();
    changed["data"]["amountFen"] = 1.into();
    store.apply(Change::put(line.clone(), changed.clone())).await.unwrap();
    let failed =
        town.check_books().await.expect_err("a changed line is found, and fails the job, which raises its alarm");
    assert!(failed.to_string().contains("differences"), "{failed}");
    assert_eq!(store.get(&line).await.unwrap().unwrap(), changed, "it repairs nothing");
    store.apply(Change::put(line, was)).await.unwrap();
    assert!(town.check_books().await.is_ok());
}
