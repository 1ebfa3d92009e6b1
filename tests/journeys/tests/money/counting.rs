//! Lists, the statement, and the nightly check.

use journeys::{Person, Town};
use serde_json::json;

use crate::no;

pub async fn lists_narrow_and_the_statement_adds_up(town: &Town, person: &Person) {
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
    assert!(lines[0] == "序号,交易时间,交易类型,订单编号,金额(元),余额(元)" && lines[1].contains(",充值,"), "{csv}");
}

pub async fn the_nightly_check_finds_nothing_and_then_what_was_changed(town: &Town, person: &Person) {
    use app::store::{Change, Store};
    let report = town.check_ledger().await.unwrap_or_else(|failed| panic!("{failed}"));
    assert_eq!(report["differences"], json!([]), "{report}");
    println!(
        "  {} wallets, {} lines, {} transactions: no difference",
        report["wallets"], report["entries"], report["transactions"]
    );
    let total: i64 = report["trialBalance"].as_object().unwrap().values().map(|fen| fen.as_i64().unwrap()).sum();
    assert_eq!(total, 0, "{report}");
    let (store, line) = (town.store().await, app::ledger::key::entry(person.account.parse().unwrap(), 1));
    let was = store.get(&line).await.unwrap().unwrap();
    let mut changed = was.clone();
    changed["data"]["amountFen"] = 1.into();
    store.apply(Change::put(line.clone(), changed.clone())).await.unwrap();
    let failed =
        town.check_ledger().await.expect_err("a changed line is found, and fails the job, which raises its alarm");
    assert!(failed.to_string().contains("differences"), "{failed}");
    assert_eq!(store.get(&line).await.unwrap().unwrap(), changed, "it repairs nothing");
    store.apply(Change::put(line, was)).await.unwrap();
    assert!(town.check_ledger().await.is_ok());
}
