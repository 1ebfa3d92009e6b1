//! The transactions as their customer reads them: pages, filters and statements.

use domain::money::ledger::Kind;
use domain::money::order::Method;

use crate::failure::Failure;
use crate::store::Cursor;
use crate::testing::{TestApp, account};
use crate::wallet::statement::{self, Filter};

/// Covers: IC-171, IC-172
#[tokio::test]
async fn entries_are_filtered_by_number_type_and_day() {
    let app = TestApp::new().with_balance(account(1), 1000).await;
    app.advance(24 * 3600);
    let number = app.submit(account(1), Method::Balance, "photo").await.unwrap();
    app.inspect(account(1), number, b"pass").await.unwrap();
    let owner = account(1);
    let all = statement::all(&app.store.inner, owner, &Filter::default()).await.unwrap();
    let kinds: Vec<Kind> = all.iter().map(|entry| entry.kind).collect();
    assert_eq!(kinds, [Kind::Recharge, Kind::Spend], "holds are not shown");
    assert_eq!(all.iter().map(|entry| entry.amount_fen.get()).sum::<i64>(), 850);
    let day = domain::china_time::date(app.now());
    let narrow = [
        Filter { kind: Some(Kind::Spend), ..Filter::default() },
        Filter { order_no: Some(all[1].order_no.to_string()), ..Filter::default() },
        Filter { from: Some(day), ..Filter::default() },
    ];
    for filter in narrow {
        let lines = statement::list(&app.store.inner, owner, &filter, 10, None).await.unwrap();
        assert_eq!(lines.entries, all[1..], "{filter:?}");
    }
    let both = Filter { kind: Some(Kind::Recharge), order_no: Some(all[1].order_no.to_string()), ..Filter::default() };
    assert_eq!(
        statement::all(&app.store.inner, owner, &both).await.unwrap(),
        [],
        "the entry of this order is not a recharge"
    );
    let before = Filter { to: Some(day.yesterday().unwrap()), ..Filter::default() };
    assert_eq!(statement::all(&app.store.inner, owner, &before).await.unwrap(), all[..1]);
}

/// Covers: IC-171
#[tokio::test]
async fn page_is_filled_and_the_last_page_ends_with_the_first_day_of_the_filter() {
    let app = TestApp::new();
    for _ in 0..4 {
        app.add_balance(account(1), 1000).await;
        let number = app.submit(account(1), Method::Balance, &format!("{}", app.store.calls())).await.unwrap();
        app.inspect(account(1), number, b"pass").await.unwrap();
        app.advance(24 * 3600);
    }
    let owner = account(1);
    // The sequence numbers on a page. Each day has three entries: recharge, hold, spend.
    let page = async |filter: &Filter, limit: u32, after: Option<Cursor>| {
        let lines = statement::list(&app.store.inner, owner, filter, limit, after).await.unwrap();
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
    assert_eq!(lines, [shown[0], shown[2], shown[4]], "the page is filled, whatever the filter leaves out");
    assert_eq!(page(&spent, 3, next).await, (vec![shown[6]], None));
    let day = domain::china_time::date(app.now()).yesterday().unwrap();
    let last = Filter { from: Some(day), to: Some(day), ..Filter::default() };
    assert_eq!(page(&last, 3, None).await, (shown[..2].to_vec(), None), "earlier days are not on a further page");
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
    assert_eq!(read, shown[..6], "all pages up to the first day of the filter");
}

/// Covers: IC-172
#[tokio::test]
async fn statement_above_the_limit_is_refused() {
    let app = TestApp::new();
    for _ in 0..3 {
        app.add_balance(account(1), 1000).await;
    }
    let owner = account(1);
    let lines = async |most: usize, filter: Filter| {
        statement::up_to(most, &app.store.inner, owner, &filter).await.map(|entries| entries.len())
    };
    assert_eq!(lines(3, Filter::default()).await, Ok(3));
    assert_eq!(lines(2, Filter::default()).await, Err(Failure::Conflict { code: "statement-too-long" }));
    let spent = Filter { kind: Some(Kind::Spend), ..Filter::default() };
    assert_eq!(lines(0, spent).await, Ok(0), "entries that the filter leaves out do not count");
}
