//! The same command again, many at once, and workers killed at their work.

use std::sync::Arc;
use std::time::{Duration, Instant};

use journeys::{Person, Town};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{no, passed, place};

pub async fn the_same_command_is_one(town: &Town) {
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

pub async fn many_at_once_win_once(town: &Arc<Town>, staff: &Person) {
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

pub async fn killed_workers_lose_and_double_nothing(town: &Arc<Town>) {
    const ORDERS: usize = 6;
    let person = town.newcomer("unlucky").await;
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
