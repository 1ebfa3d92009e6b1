//! Recharges: options, payment, callbacks, lists and the statement.

use journeys::TestStack;
use reqwest::Method;
use serde_json::json;

/// Covers: IC-165, IC-166
#[tokio::test(flavor = "multi_thread")]
async fn recharge_outside_the_allowed_range_is_refused() {
    let stack = TestStack::shared().await;
    let client = stack.register("recharge-range").await;
    let options = stack.get(&client, "/v1/recharges/options").await.body;
    assert_eq!((&options["minFen"], &options["maxFen"]), (&150.into(), &60_000.into()));
    for fen in [149, 60_001, 0, -150] {
        let refused = stack.post(&client, "/v1/recharges", &format!("bad {fen}"), json!({"amountFen": fen})).await;
        assert_eq!((refused.status.as_u16(), &refused.body["errors"][0]["code"]), (422, &"amount-out-of-range".into()));
    }
}

/// Covers: IC-168, IC-169, IC-170
#[tokio::test(flavor = "multi_thread")]
async fn paid_recharge_is_credited_once_and_ends_the_long_poll() {
    let stack = TestStack::shared().await;
    let client = stack.register("recharge").await;
    let mut balance = 0;
    for (provider, fen, shown) in [("wechat", 3_000, "¥30.00"), ("alipay", 150, "¥1.50")] {
        let (no, code) = stack.recharge(&client, fen, provider, provider).await;
        let repeated = stack.recharge(&client, fen, provider, provider).await;
        assert_eq!((&no, &code), (&repeated.0, &repeated.1), "one key, one recharge");
        let path = format!("/v1/recharges/{no}?wait=20");
        let pay = async {
            let page = stack.scan_and_pay(&code).await;
            assert!(page.contains(shown), "{page}");
        };
        let (seen, ()) = tokio::join!(stack.get(&client, &path), pay);
        assert_eq!(seen.body["state"], "credited", "{}", seen.body);
        balance += fen;
        assert_eq!(stack.wallet(&client).await, (balance, 0));
    }
}

/// Covers: IC-77, I19
#[tokio::test(flavor = "multi_thread")]
async fn callback_without_a_valid_signature_is_answered_401() {
    let stack = TestStack::shared().await;
    for (path, body) in [("wechat", "{}"), ("alipay", "out_trade_no=1&sign=AAAA"), ("wechat", "")] {
        let url = format!("/v1/payments/notices/{path}");
        let response = stack.send(None, Method::POST, &url, &[], Some(json!(body))).await;
        assert_eq!(response.status, 401, "{path} {body}");
    }
}

/// Covers: IC-129, IC-131, IC-132, IC-171, IC-172
#[tokio::test(flavor = "multi_thread")]
async fn recharge_list_transactions_and_statement_agree_with_the_balance() {
    let stack = TestStack::shared().await;
    let client = stack.register("statement").await;
    for (n, fen) in [500, 700, 900].into_iter().enumerate() {
        stack.fund(&client, fen, &format!("fund {n}")).await;
    }
    let recharges = stack.get(&client, "/v1/orders?type=recharge&state=paid").await.body;
    let items = recharges["items"].as_array().unwrap();
    assert!(items.len() == 3 && items.iter().all(|one| one["type"] == "recharge" && one["state"] == "paid"));
    let no = items[0]["no"].as_str().unwrap();
    let found = stack.get(&client, &format!("/v1/orders?type=recharge&no={no}")).await.body;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
    assert_eq!(stack.get(&client, "/v1/orders?type=recharge&to=2024-01-15").await.body["items"], json!([]));
    let all = stack.get(&client, "/v1/transactions?limit=50").await.body;
    let entries = all["items"].as_array().unwrap();
    let sum: i64 = entries.iter().map(|entry| entry["amountFen"].as_i64().unwrap()).sum();
    assert_eq!((sum, entries.len()), (stack.wallet(&client).await.0, 3), "the entries add up to the balance");
    let page = stack.get(&client, "/v1/transactions?limit=2").await.body;
    let next = page["nextCursor"].as_str().expect("there are more than two");
    let rest = stack.get(&client, &format!("/v1/transactions?limit=50&cursor={next}")).await.body;
    assert_eq!(rest["items"].as_array().unwrap().len(), 1);
    assert_eq!(stack.get(&client, "/v1/transactions?type=spend").await.body["items"], json!([]));
    let csv = stack.get(&client, "/v1/transactions/statement.csv").await.text;
    let lines: Vec<&str> = csv.trim_end().lines().collect();
    assert_eq!(lines.len(), 1 + entries.len(), "{csv}");
    assert!(lines[0] == "序号,交易时间,交易类型,订单编号,金额(元),余额(元)" && lines[1].contains(",充值,"), "{csv}");
}

mod exclusive {
    use jiff::SignedDuration;
    use journeys::TestStack;

    /// Covers: IC-77, I18
    #[tokio::test(flavor = "multi_thread")]
    async fn twenty_callbacks_during_status_queries_credit_once() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("twenty").await;
        for provider in ["wechat", "alipay"] {
            let before = stack.wallet(&client).await.0;
            stack.inject_fault("drop-callback", 1).await;
            let (no, code) = stack.recharge(&client, 500, provider, provider).await;
            stack.scan_and_pay(&code).await;
            // The first query is due six seconds after the payment began.
            stack.set_clock_ahead(SignedDuration::from_secs(6)).await;
            let queries = tokio::spawn({
                let stack = stack.clone();
                async move {
                    for _ in 0..3 {
                        stack.run_due_work().await;
                    }
                }
            });
            stack.resend_callback(&code, 20).await;
            queries.await.unwrap();
            stack.set_clock_ahead(SignedDuration::ZERO).await;
            stack.assert_credited(&client, &no).await;
            assert_eq!(stack.wallet(&client).await.0, before + 500);
            let entries = stack.get(&client, &format!("/v1/transactions?orderNo={no}")).await.body;
            assert_eq!(entries["items"].as_array().unwrap().len(), 1, "{entries}");
        }
    }

    /// Covers: IC-77, I19
    #[tokio::test(flavor = "multi_thread")]
    async fn forged_tampered_stale_and_misaddressed_callbacks_credit_nothing() {
        let stack = TestStack::exclusive().await;
        let client = stack.register("bad-callbacks").await;
        let faults = [
            "tampered-callback",
            "wrong-amount-callback",
            "wrong-merchant-callback",
            "stale-callback",
            "probe-callback",
        ];
        for (provider, faults) in [("wechat", &faults[..]), ("alipay", &faults[..3])] {
            let before = stack.wallet(&client).await.0;
            stack.inject_fault("drop-callback", 1).await;
            let (no, code) = stack.recharge(&client, 700, provider, provider).await;
            stack.scan_and_pay(&code).await;
            for fault in faults {
                stack.inject_fault(fault, 1).await;
                assert_eq!(stack.resend_callback(&code, 1).await, 0, "{provider} {fault}");
                assert_eq!(stack.wallet(&client).await.0, before, "{provider} {fault}");
            }
            stack.resend_callback(&code, 1).await;
            stack.assert_credited(&client, &no).await;
            assert_eq!(stack.wallet(&client).await.0, before + 700);
        }
    }
}
