//! What every store adapter promises, as code. Panics with the name of the broken promise.
//!
//! Each run needs its own `run` name, so that it can be repeated on tables that keep their rows.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use serde_json::{Value, json};

use super::{BY_OWNER, Change, Key, MAX_CHANGES, Page, Query, Row, Span, Store, StoreError, TTL, Table, Token};

/// An index may lag this long behind its rows.
const INDEX_LAG: Duration = Duration::from_secs(5);

pub async fn every_promise(store: Arc<dyn Store>, run: &str) {
    rows_come_back_as_they_were_written(&*store, run).await;
    updates_set_add_and_remove(&*store, run).await;
    conditions_guard_every_action(&*store, run).await;
    a_commit_is_all_or_nothing(&*store, run).await;
    a_repeated_token_has_one_effect(&*store, run).await;
    a_hundred_changes_fit_and_one_more_does_not(&*store, run).await;
    pages_follow_the_sort_key_both_ways(&*store, run).await;
    an_index_holds_only_rows_that_carry_it(&*store, run).await;
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

async fn rows_come_back_as_they_were_written(store: &dyn Store, run: &str) {
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
    assert_eq!(read(store, &key).await, None, "a deleted row is gone");
}

async fn updates_set_add_and_remove(store: &dyn Store, run: &str) {
    let key = key(run, "update", "row");
    let after = store.apply(Change::update(key.clone()).add("n", 2).set("a", "x").set("b", "y")).await.expect("update");
    assert_eq!((&after["n"], &after["a"]), (&json!(2), &json!("x")), "an update creates the row and returns it");
    let change = Change::update(key.clone()).add("n", -5).remove("a").set("b", Value::Null);
    let after = store.apply(change).await.expect("update");
    assert_eq!(after["n"], -3, "an update adds to what is there");
    assert!(!after.contains_key("a") && !after.contains_key("b"), "removed and null attributes are gone");
}

/// A second of the year 2100: no store deletes such a row while it is looked at.
const FAR: i64 = 4_102_444_800;

async fn conditions_guard_every_action(store: &dyn Store, run: &str) {
    let here = key(run, "conditions", "here");
    let nowhere = key(run, "conditions", "nowhere");
    store
        .apply(Change::put(here.clone(), row(json!({"version": 3, "avail": 150, "state": "open", TTL: FAR}))))
        .await
        .expect("put");
    let second = |second: i64| Timestamp::from_second(second).expect("a second");
    let check = |key: &Key| Change::check(key.clone());
    let hold = [
        check(&here).if_exists(),
        check(&nowhere).if_absent(),
        check(&here).if_version(3),
        check(&here).if_equals("state", "open"),
        check(&here).if_missing("other"),
        check(&nowhere).if_missing("other"),
        check(&here).if_at_least("avail", 150),
        check(&here).if_at_most("avail", 150),
        check(&nowhere).if_absent_by(second(0)),
        check(&here).if_absent_by(second(FAR)),
        check(&here).if_absent_by(second(FAR)).if_version(3),
        check(&here).if_version(3).if_at_least("avail", 1).if_equals("state", "open"),
    ];
    for (n, change) in hold.into_iter().enumerate() {
        let name = format!("{change:?}");
        store.commit(&token(run, &format!("hold {n}")), vec![change]).await.expect(&name);
    }
    let refuse = [
        check(&here).if_absent(),
        check(&nowhere).if_exists(),
        check(&here).if_version(2),
        check(&nowhere).if_version(3),
        check(&here).if_equals("state", "closed"),
        check(&here).if_missing("state"),
        check(&here).if_at_least("avail", 151),
        check(&nowhere).if_at_least("avail", 0),
        check(&here).if_at_most("avail", 149),
        check(&nowhere).if_at_most("avail", 149),
        check(&here).if_absent_by(second(FAR - 1)),
        check(&here).if_absent_by(second(FAR)).if_version(2),
        check(&here).if_version(3).if_at_least("avail", 151),
        Change::put(here.clone(), Row::new()).if_absent(),
        Change::update(here.clone()).set("state", "lost").if_version(2),
        Change::update(nowhere.clone()).add("n", 1).if_exists(),
        Change::delete(here.clone()).if_equals("state", "closed"),
    ];
    for (n, change) in refuse.into_iter().enumerate() {
        let outcome = store.commit(&token(run, &format!("refuse {n}")), vec![change.clone()]).await;
        assert_eq!(outcome, Err(StoreError::Conflict { changes: vec![0] }), "{change:?}");
        if !matches!(change.action, super::Action::Check) {
            let outcome = store.apply(change.clone()).await;
            assert_eq!(outcome, Err(StoreError::Conflict { changes: vec![0] }), "alone: {change:?}");
        }
    }
    assert_eq!(read(store, &here).await.expect("row")["state"], "open", "a refused change leaves the row");
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

async fn a_hundred_changes_fit_and_one_more_does_not(store: &dyn Store, run: &str) {
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
    assert_eq!(read(all.span(Span::Between("b2".into(), "a2".into()))).await, "", "ends that are the wrong way round");
    assert_eq!(read(Query::table(Table::Photos, key(run, "no such", "").pk)).await, "", "an empty partition");
}

async fn an_index_holds_only_rows_that_carry_it(store: &dyn Store, run: &str) {
    let owner = format!("CONTRACT#{run}#owner");
    for (n, sort) in [("1", Some("2024-03")), ("2", Some("2024-01")), ("3", None), ("4", Some("2024-02"))] {
        let mut values = row(json!({"n": n, "owner": owner}));
        values.extend(sort.map(|sort| (BY_OWNER.sk.to_owned(), sort.into())));
        store.apply(Change::put(key(run, n, "indexed"), values)).await.expect("put");
    }
    let query = Query::index(Table::Photos, BY_OWNER, owner).limit(2);
    settle(store, &query, "2 4 1", "ascending, and a row without the sort attribute is left out").await;
    settle(store, &query.clone().descending(), "1 4 2", "descending").await;
    store.apply(Change::update(key(run, "4", "indexed")).remove(BY_OWNER.sk)).await.expect("update");
    settle(store, &query, "2 1", "a row that drops the attribute leaves the index").await;
}

async fn settle(store: &dyn Store, query: &Query, expected: &str, promise: &str) {
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
        assert!(started.elapsed() < INDEX_LAG, "an index: {promise}: expected {expected}, found {found}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

async fn every_page(store: &dyn Store, mut query: Query) -> Vec<String> {
    let mut found = Vec::new();
    loop {
        let Page { rows, next } = store.query(&query).await.expect("query");
        assert!(rows.len() <= query.limit as usize, "a page is never larger than asked");
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
