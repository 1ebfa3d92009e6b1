//! The contract of the store port, as code.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BY_OWNER, Change, Key, MAX_CHANGES, Page, Query, Row, Span, Store, StoreError, TTL, Table, Token};

/// How long an index can lag behind its rows.
const INDEX_LAG: Duration = Duration::from_secs(5);

/// Checks that `store` fulfils the contract. `run` makes the keys unique, so that the check can be repeated on tables
/// that keep their rows.
///
/// # Panics
///
/// If the store breaks the contract, with a message that says how.
pub async fn verify(store: Arc<dyn Store>, run: &str) {
    rows_are_read_as_they_were_written(&*store, run).await;
    updates_set_add_and_remove(&*store, run).await;
    conditions_guard_every_action(&*store, run).await;
    a_commit_is_all_or_nothing(&*store, run).await;
    a_repeated_token_has_one_effect(&*store, run).await;
    a_commit_has_at_most_100_changes(&*store, run).await;
    pages_follow_the_sort_key_both_ways(&*store, run).await;
    an_index_holds_only_rows_with_its_attributes(&*store, run).await;
    concurrent_increments_all_count(&store, run).await;
    a_balance_is_never_overdrawn(&store, run).await;
}

fn key(run: &str, pk: &str, sk: &str) -> Key {
    Key::new(Table::Photos, format!("CONTRACT#{run}#{pk}"), sk)
}

fn token(run: &str, name: &str) -> Token {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in format!("{run}/{name}").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    Token::new(format!("{hash:016x}")).expect("16 characters")
}

fn row(value: Value) -> Row {
    match value {
        Value::Object(row) => row,
        other => panic!("not a row: {other}"),
    }
}

async fn read(store: &dyn Store, key: &Key) -> Option<Row> {
    store.get(key).await.expect("get")
}

async fn rows_are_read_as_they_were_written(store: &dyn Store, run: &str) {
    let key = key(run, "round trip", "中文 +/%");
    assert_eq!(read(store, &key).await, None, "an absent row is none");
    let written = json!({
        "text": "相片", "empty": "", "number": i64::MAX, "negative": -1, "share": 0.25, "yes": true,
        "list": [1, "two", {"three": 3}], "map": {"inner": [false]}, "nothing": null,
    });
    store.apply(Change::put(key.clone(), row(written.clone()))).await.expect("put");
    let mut expected = row(written);
    expected.remove("nothing");
    expected.insert("pk".into(), key.pk.clone().into());
    expected.insert("sk".into(), key.sk.clone().into());
    assert_eq!(read(store, &key).await, Some(expected), "a row keeps its values, without nulls");
    store.apply(Change::put(key.clone(), row(json!({"only": 1})))).await.expect("put");
    assert_eq!(read(store, &key).await.expect("row").get("text"), None, "a put replaces the whole row");
    store.apply(Change::delete(key.clone())).await.expect("delete");
    assert_eq!(read(store, &key).await, None, "a deleted row does not exist");
}

async fn updates_set_add_and_remove(store: &dyn Store, run: &str) {
    let key = key(run, "update", "row");
    let after = store.apply(Change::update(key.clone()).add("n", 2).set("a", "x").set("b", "y")).await.expect("update");
    assert_eq!((&after["n"], &after["a"]), (&json!(2), &json!("x")), "an update creates the row and returns it");
    let change = Change::update(key.clone()).add("n", -5).remove("a").set("b", Value::Null);
    let after = store.apply(change).await.expect("update");
    assert_eq!(after["n"], -3, "an update adds to what is there");
    assert!(!after.contains_key("a") && !after.contains_key("b"), "removed and null attributes do not exist");
}

/// A second of the year 2100: the store does not delete such a row during the test.
const FAR: i64 = 4_102_444_800;

async fn conditions_guard_every_action(store: &dyn Store, run: &str) {
    let existing = key(run, "conditions", "existing");
    let absent = key(run, "conditions", "absent");
    store
        .apply(Change::put(existing.clone(), row(json!({"version": 3, "avail": 150, "state": "open", TTL: FAR}))))
        .await
        .expect("put");
    let second = |second: i64| Timestamp::from_second(second).expect("a second");
    let check = |key: &Key| Change::check(key.clone());
    let hold = [
        check(&existing).if_exists(),
        check(&absent).if_absent(),
        check(&existing).if_version(3),
        check(&existing).if_equals("state", "open"),
        check(&existing).if_missing("other"),
        check(&absent).if_missing("other"),
        check(&existing).if_at_least("avail", 150),
        check(&existing).if_at_most("avail", 150),
        check(&absent).if_absent_or_expired(second(0)),
        check(&existing).if_absent_or_expired(second(FAR)),
        check(&existing).if_absent_or_expired(second(FAR)).if_version(3),
        check(&existing).if_version(3).if_at_least("avail", 1).if_equals("state", "open"),
    ];
    for (n, change) in hold.into_iter().enumerate() {
        let name = format!("{change:?}");
        store.commit(&token(run, &format!("hold {n}")), vec![change]).await.expect(&name);
    }
    let refuse = [
        check(&existing).if_absent(),
        check(&absent).if_exists(),
        check(&existing).if_version(2),
        check(&absent).if_version(3),
        check(&existing).if_equals("state", "closed"),
        check(&existing).if_missing("state"),
        check(&existing).if_at_least("avail", 151),
        check(&absent).if_at_least("avail", 0),
        check(&existing).if_at_most("avail", 149),
        check(&absent).if_at_most("avail", 149),
        check(&existing).if_absent_or_expired(second(FAR - 1)),
        check(&existing).if_absent_or_expired(second(FAR)).if_version(2),
        check(&existing).if_version(3).if_at_least("avail", 151),
        Change::put(existing.clone(), Row::new()).if_absent(),
        Change::update(existing.clone()).set("state", "lost").if_version(2),
        Change::update(absent.clone()).add("n", 1).if_exists(),
        Change::delete(existing.clone()).if_equals("state", "closed"),
    ];
    for (n, change) in refuse.into_iter().enumerate() {
        let outcome = store.commit(&token(run, &format!("refuse {n}")), vec![change.clone()]).await;
        assert_eq!(outcome, Err(StoreError::Conflict { changes: vec![0] }), "{change:?}");
        if !matches!(change.action, super::Action::Check) {
            let outcome = store.apply(change.clone()).await;
            assert_eq!(outcome, Err(StoreError::Conflict { changes: vec![0] }), "alone: {change:?}");
        }
    }
    assert_eq!(read(store, &existing).await.expect("row")["state"], "open", "a refused change leaves the row");
}

async fn a_commit_is_all_or_nothing(store: &dyn Store, run: &str) {
    let keys = ["first", "second", "third"].map(|sk| key(run, "atomic", sk));
    store.apply(Change::put(keys[1].clone(), row(json!({"version": 1})))).await.expect("put");
    let changes = vec![
        Change::put(keys[0].clone(), row(json!({"n": 1}))),
        Change::update(keys[1].clone()).set("version", 3).if_version(2),
        Change::delete(keys[2].clone()).if_exists(),
    ];
    let outcome = store.commit(&token(run, "atomic"), changes).await;
    assert_eq!(outcome, Err(StoreError::Conflict { changes: vec![1, 2] }), "a conflict names the refused changes");
    assert_eq!(read(store, &keys[0]).await, None, "nothing of a refused commit is written");
    assert_eq!(read(store, &keys[1]).await.expect("row")["version"], 1);
    let twice = vec![Change::delete(keys[0].clone()), Change::delete(keys[0].clone())];
    let outcome = store.commit(&token(run, "twice"), twice).await;
    assert!(matches!(outcome, Err(StoreError::Invalid(_))), "one row twice in a commit: {outcome:?}");
}

async fn a_repeated_token_has_one_effect(store: &dyn Store, run: &str) {
    let key = key(run, "token", "row");
    let add = |n: i64| vec![Change::update(key.clone()).add("n", n)];
    for _ in 0..3 {
        store.commit(&token(run, "repeat"), add(1)).await.expect("commit");
    }
    assert_eq!(read(store, &key).await.expect("row")["n"], 1, "a repeated commit has one effect");
    let outcome = store.commit(&token(run, "repeat"), add(2)).await;
    assert!(matches!(outcome, Err(StoreError::Invalid(_))), "a token names one commit only: {outcome:?}");
    store.commit(&token(run, "another"), add(1)).await.expect("commit");
    assert_eq!(read(store, &key).await.expect("row")["n"], 2, "another token is another commit");
    let insert = || vec![Change::put(key.clone(), Row::new()).if_version(9)];
    assert!(store.commit(&token(run, "refused"), insert()).await.is_err_and(|error| error.is_conflict()));
    store.apply(Change::put(key.clone(), row(json!({"version": 9})))).await.expect("put");
    store.commit(&token(run, "refused"), insert()).await.expect("a refused commit may be tried again with its token");
}

async fn a_commit_has_at_most_100_changes(store: &dyn Store, run: &str) {
    let puts = |n: usize| -> Vec<Change> {
        (0..n).map(|i| Change::put(key(run, "hundred", &format!("{i:03}")), row(json!({"i": i})))).collect()
    };
    let outcome = store.commit(&token(run, "101"), puts(MAX_CHANGES + 1)).await;
    assert!(matches!(outcome, Err(StoreError::Invalid(_))), "101 changes: {outcome:?}");
    store.commit(&token(run, "100"), puts(MAX_CHANGES)).await.expect("100 changes");
    let page = store.query(&Query::table(Table::Photos, key(run, "hundred", "").pk)).await.expect("query");
    assert_eq!(page.rows.len(), MAX_CHANGES);
}

async fn pages_follow_the_sort_key_both_ways(store: &dyn Store, run: &str) {
    for sk in ["a1", "a2", "b1", "b2", "b3", "中"] {
        store.apply(Change::put(key(run, "pages", sk), Row::new())).await.expect("put");
    }
    let all = Query::table(Table::Photos, key(run, "pages", "").pk);
    let order = |rows: Vec<String>| rows.join(" ");
    let read = async |query: Query| order(every_page(store, query).await);
    assert_eq!(read(all.clone().limit(4)).await, "a1 a2 b1 b2 b3 中", "ascending over pages");
    assert_eq!(read(all.clone().limit(1).descending()).await, "中 b3 b2 b1 a2 a1", "descending over pages");
    assert_eq!(read(all.clone().limit(2).span(Span::Prefix("b".into()))).await, "b1 b2 b3", "by prefix");
    let between = Span::Between("a2".into(), "b2".into());
    assert_eq!(read(all.clone().span(between.clone())).await, "a2 b1 b2", "between, both ends included");
    assert_eq!(read(all.clone().span(between).descending()).await, "b2 b1 a2", "between, descending");
    assert_eq!(read(all.span(Span::Between("b2".into(), "a2".into()))).await, "", "from after to");
    assert_eq!(read(Query::table(Table::Photos, key(run, "no such", "").pk)).await, "", "an empty partition");
}

async fn an_index_holds_only_rows_with_its_attributes(store: &dyn Store, run: &str) {
    let owner = format!("CONTRACT#{run}#owner");
    for (n, sort) in [("1", Some("2024-03")), ("2", Some("2024-01")), ("3", None), ("4", Some("2024-02"))] {
        let mut values = row(json!({"n": n, "owner": owner}));
        values.extend(sort.map(|sort| (BY_OWNER.sk.to_owned(), sort.into())));
        store.apply(Change::put(key(run, n, "indexed"), values)).await.expect("put");
    }
    let query = Query::index(Table::Photos, BY_OWNER, owner).limit(2);
    eventually_holds(store, &query, "2 4 1", "ascending, and a row without the sort attribute is left out").await;
    eventually_holds(store, &query.clone().descending(), "1 4 2", "descending").await;
    store.apply(Change::update(key(run, "4", "indexed")).remove(BY_OWNER.sk)).await.expect("update");
    eventually_holds(store, &query, "2 1", "a row that drops the attribute leaves the index").await;
}

async fn eventually_holds(store: &dyn Store, query: &Query, expected: &str, rule: &str) {
    let started = std::time::Instant::now();
    loop {
        let mut found = Vec::new();
        let mut next = Some(query.clone());
        while let Some(query) = next {
            let page = store.query(&query).await.expect("query");
            found.extend(page.rows.iter().map(|row| row["n"].as_str().expect("text").to_owned()));
            next = page.next.map(|cursor| query.clone().after(Some(cursor)));
        }
        let found = found.join(" ");
        if found == expected {
            return;
        }
        assert!(started.elapsed() < INDEX_LAG, "an index: {rule}: expected {expected}, found {found}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn every_page(store: &dyn Store, mut query: Query) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let Page { rows, next } = store.query(&query).await.expect("query");
        assert!(rows.len() <= query.limit as usize, "a page is never larger than its limit");
        found.extend(rows.iter().map(|row| row["sk"].as_str().expect("text").to_owned()));
        match next {
            None => return found,
            cursor => query = query.after(cursor),
        }
    }
}

async fn concurrent_increments_all_count(store: &Arc<dyn Store>, run: &str) {
    let key = key(run, "counter", "row");
    let tasks = (0..64).map(|_| {
        let (store, key) = (store.clone(), key.clone());
        tokio::spawn(async move { store.apply(Change::update(key).add("n", 1)).await.expect("apply")["n"].clone() })
    });
    let mut seen = BTreeSet::new();
    for task in tasks.collect::<Vec<_>>() {
        seen.insert(task.await.expect("task").as_i64().expect("number"));
    }
    assert_eq!(seen, (1..=64).collect(), "64 concurrent increments return 64 different numbers");
}

async fn a_balance_is_never_overdrawn(store: &Arc<dyn Store>, run: &str) {
    let wallet = key(run, "wallet", "row");
    store.apply(Change::put(wallet.clone(), row(json!({"avail": 1500})))).await.expect("put");
    let tasks = (0..32).map(|n| {
        let (store, wallet, run) = (store.clone(), wallet.clone(), run.to_owned());
        tokio::spawn(async move {
            let hold = Change::put(key(&run, "hold", &format!("{n:03}")), row(json!({"amount": 150}))).if_absent();
            let take = Change::update(wallet).add("avail", -150).if_at_least("avail", 150);
            loop {
                match store.commit(&token(&run, &format!("take {n}")), vec![take.clone(), hold.clone()]).await {
                    Ok(()) => return true,
                    Err(error) if error.conflicts_at(0) => return false,
                    Err(StoreError::Throttled) => tokio::time::sleep(Duration::from_millis(20)).await,
                    Err(error) => panic!("{error}"),
                }
            }
        })
    });
    let mut taken = 0;
    for task in tasks.collect::<Vec<_>>() {
        taken += u32::from(task.await.expect("task"));
    }
    assert_eq!(taken, 10, "1500 pays 150 exactly ten times");
    assert_eq!(read(&**store, &wallet).await.expect("row")["avail"], 0);
    let page = store.query(&Query::table(Table::Photos, key(run, "hold", "").pk)).await.expect("query");
    assert_eq!(page.rows.len(), 10, "as many holds as were paid");
}
