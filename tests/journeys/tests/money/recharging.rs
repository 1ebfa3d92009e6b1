//! Money comes in, once.

use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::SignedDuration;
use journeys::{Person, Town};
use reqwest::Method;
use serde_json::json;

pub async fn recharges_are_credited_once_and_seen_at_once(town: &Town, person: &Person) {
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
        let path = format!("/v1/recharges/{no}?wait=20");
        let waits = town.get(person, &path);
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

pub async fn twenty_callbacks_mixed_with_questions_are_one(town: &Arc<Town>, person: &Person) {
    for provider in ["wechat", "alipay"] {
        let before = town.wallet(person).await.0;
        town.simulate("faults", json!({"fault": "drop-callback"})).await;
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

pub async fn bad_callbacks_change_nothing(town: &Town, person: &Person) {
    let bad =
        ["tampered-callback", "wrong-amount-callback", "wrong-merchant-callback", "stale-callback", "probe-callback"];
    for (provider, faults) in [("wechat", &bad[..]), ("alipay", &bad[..3])] {
        let before = town.wallet(person).await.0;
        town.simulate("faults", json!({"fault": "drop-callback"})).await;
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
