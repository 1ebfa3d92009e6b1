//! The books, read by their owner.

use domain::money::ledger::Kind;
use domain::money::order::Method;

use super::house::{House, person};
use crate::failure::Failure;
use crate::store::Cursor;
use crate::wallet::statement::{self, Filter};

/// Covers: IC-171, IC-172
#[tokio::test]
async fn transactions_narrow_by_number_type_and_day() {
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
    let day = domain::china_time::date(house.now());
    let narrow = [
        Filter { kind: Some(Kind::Spend), ..Filter::default() },
        Filter { order_no: Some(all[1].order_no.clone()), ..Filter::default() },
        Filter { from: Some(day), ..Filter::default() },
    ];
    for filter in narrow {
        let lines = statement::lines(&house.store.inner, &owner, &filter, 10, None).await.unwrap();
        assert_eq!(lines.entries, all[1..], "{filter:?}");
    }
    let both = Filter { kind: Some(Kind::Recharge), order_no: Some(all[1].order_no.clone()), ..Filter::default() };
    assert_eq!(statement::all(&house.store.inner, &owner, &both).await.unwrap(), [], "the order's line is no recharge");
    let before = Filter { to: Some(day.yesterday().unwrap()), ..Filter::default() };
    assert_eq!(statement::all(&house.store.inner, &owner, &before).await.unwrap(), all[..1]);
}

/// Covers: IC-171
#[tokio::test]
async fn pages_are_filled_and_end_where_the_days_asked_for_end() {
    let house = House::new();
    for _ in 0..4 {
        house.funded(person(1), 1000).await;
        let number = house.submit(person(1), Method::Balance, &format!("{}", house.store.calls())).await.unwrap();
        house.inspect(person(1), number, b"pass").await.unwrap();
        house.advance(24 * 3600);
    }
    let owner = person(1).to_string();
    // What a page shows, by the entries' numbers: recharge, hold, spend, day after day.
    let page = async |filter: &Filter, limit: u32, after: Option<Cursor>| {
        let lines = statement::lines(&house.store.inner, &owner, filter, limit, after).await.unwrap();
        (lines.entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(), lines.next)
    };
    let every = Filter::default();
    let shown = page(&every, 50, None).await.0;
    assert_eq!(shown.len(), 8, "{shown:?}");
    let mut after = None;
    for part in shown.chunks(3) {
        let (lines, next) = page(&every, 3, after).await;
        assert_eq!(lines, part);
        after = next;
    }
    assert_eq!(after, None);
    let spent = Filter { kind: Some(Kind::Spend), ..Filter::default() };
    let (lines, next) = page(&spent, 3, None).await;
    assert_eq!(lines, [shown[0], shown[2], shown[4]], "filled, whatever the filter leaves out");
    assert_eq!(page(&spent, 3, next).await, (vec![shown[6]], None));
    let day = domain::china_time::date(house.now()).yesterday().unwrap();
    let last = Filter { from: Some(day), to: Some(day), ..Filter::default() };
    assert_eq!(page(&last, 3, None).await, (shown[..2].to_vec(), None), "what lies before is not asked for");
    assert_eq!(page(&last, 2, None).await.0, shown[..2]);
    let three_days = Filter { from: Some(day.yesterday().unwrap().yesterday().unwrap()), ..Filter::default() };
    let (mut read, mut after) = (Vec::new(), None);
    loop {
        let (lines, next) = page(&three_days, 2, after).await;
        read.extend(lines);
        after = next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(read, shown[..6], "page by page to the first day asked for");
}

/// Covers: IC-172
#[tokio::test]
async fn a_statement_that_would_be_too_long_says_so() {
    let house = House::new();
    for _ in 0..3 {
        house.funded(person(1), 1000).await;
    }
    let owner = person(1).to_string();
    let lines = async |most: usize, filter: Filter| {
        statement::up_to(most, &house.store.inner, &owner, &filter).await.map(|entries| entries.len())
    };
    assert_eq!(lines(3, Filter::default()).await, Ok(3));
    assert_eq!(lines(2, Filter::default()).await, Err(Failure::Conflict { code: "statement-too-long" }));
    let spent = Filter { kind: Some(Kind::Spend), ..Filter::default() };
    assert_eq!(lines(0, spent).await, Ok(0), "what the filter leaves out does not count");
}
