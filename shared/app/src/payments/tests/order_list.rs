//! The list of orders: pages and filters.

use domain::money::order::Method;

use crate::orders::{Filter, Listed, OrderPage, OrderType, list};
use crate::store::Cursor;
use crate::testing::{TestApp, account};

impl TestApp {
    async fn list(&self, kind: OrderType, filter: &Filter, limit: u32, after: Option<Cursor>) -> OrderPage {
        list(&self.store.inner, account(1), kind, filter, limit, after).await.unwrap()
    }
}

fn numbers(orders: &OrderPage) -> Vec<String> {
    orders.orders.iter().map(|listed| listed.no().to_owned()).collect()
}

/// Covers: IC-129, IC-130
#[tokio::test]
async fn page_is_filled_up_to_its_limit_whatever_the_filter_leaves_out() {
    let app = TestApp::new();
    let mut placed = Vec::new();
    for n in 0..7 {
        app.advance(60);
        let photo = app.add_passed_photo(account(1)).await;
        let order = app.place(account(1), &[photo], Method::Wechat, None, &n.to_string()).await.unwrap();
        // Every third stays unpaid.
        if n % 3 > 0 {
            app.cancel(&order).await.unwrap();
        }
        placed.insert(0, order.no.to_string());
    }
    let all = app.list(OrderType::Photos, &Filter::default(), 7, None).await;
    assert_eq!(numbers(&all), placed, "newest first");
    let first = app.list(OrderType::Photos, &Filter::default(), 3, None).await;
    assert_eq!(numbers(&first), placed[..3]);
    let second = app.list(OrderType::Photos, &Filter::default(), 3, first.next).await;
    assert_eq!(numbers(&second), placed[3..6]);
    let third = app.list(OrderType::Photos, &Filter::default(), 3, second.next).await;
    assert_eq!((numbers(&third), third.next), (placed[6..].to_vec(), None));

    let closed = Filter { state: Some("closed".to_owned()), ..Filter::default() };
    let first = app.list(OrderType::Photos, &closed, 3, None).await;
    assert_eq!(numbers(&first), [&*placed[1], &*placed[2], &*placed[4]], "the page is filled up to its limit");
    let rest = app.list(OrderType::Photos, &closed, 3, first.next).await;
    assert_eq!((numbers(&rest), rest.next), (vec![placed[5].clone()], None));
    let open = Filter { state: Some("awaiting-payment".to_owned()), ..Filter::default() };
    let two = app.list(OrderType::Photos, &open, 2, None).await;
    assert_eq!(numbers(&two), [&*placed[0], &*placed[3]]);
    assert_eq!(numbers(&app.list(OrderType::Photos, &open, 2, two.next).await), [&*placed[6]]);
}

/// Covers: IC-129, IC-131
#[tokio::test]
async fn number_finds_an_order_only_among_orders_of_its_type() {
    let app = TestApp::new();
    let photo = app.add_passed_photo(account(1)).await;
    let order = app.place(account(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let (recharge, _) = app.recharge(account(1), 150, "recharge").await.unwrap();
    let by = |no: &str| Filter { no: Some(no.to_owned()), ..Filter::default() };
    let found = app.list(OrderType::Photos, &by(order.no.as_str()), 10, None).await;
    assert_eq!(found.orders, [Listed::Photos(app.order(&order).await)]);
    assert_eq!(numbers(&app.list(OrderType::Recharge, &by(recharge.as_str()), 10, None).await), [recharge.as_str()]);
    for (kind, no) in
        [(OrderType::Recharge, order.no.as_str()), (OrderType::Photos, recharge.as_str()), (OrderType::Photos, "7")]
    {
        assert_eq!(numbers(&app.list(kind, &by(no), 10, None).await), [""; 0], "{no}");
    }
    let other = Filter { state: Some("paid".to_owned()), ..by(order.no.as_str()) };
    assert_eq!(
        numbers(&app.list(OrderType::Photos, &other, 10, None).await),
        [""; 0],
        "the other filters apply as well"
    );
}

/// Covers: IC-130
#[tokio::test]
async fn date_filter_uses_days_in_china_and_includes_both_ends() {
    let app = TestApp::new();
    let (mut days, mut placed) = (Vec::new(), Vec::new());
    for n in 0..3 {
        let photo = app.add_passed_photo(account(1)).await;
        let order = app.place(account(1), &[photo], Method::Wechat, None, &n.to_string()).await.unwrap();
        days.push(domain::china_time::date(order.placed_at));
        placed.insert(0, order.no.to_string());
        app.advance(24 * 3600);
    }
    for (from, to, found) in [
        (Some(1), Some(1), &placed[1..2]),
        (Some(1), None, &placed[..2]),
        (None, Some(1), &placed[1..]),
        (Some(2), Some(0), &[]),
    ] {
        let day = |at: Option<usize>| at.map(|at| days[at]);
        let filter = Filter { from: day(from), to: day(to), ..Filter::default() };
        assert_eq!(numbers(&app.list(OrderType::Photos, &filter, 10, None).await), found, "{from:?} {to:?}");
        for no in &placed {
            let filter = Filter { no: Some(no.clone()), ..filter.clone() };
            let one = numbers(&app.list(OrderType::Photos, &filter, 10, None).await);
            let expected: Vec<&String> = found.iter().filter(|found| *found == no).collect();
            assert_eq!(one.iter().collect::<Vec<_>>(), expected, "{from:?} {to:?}");
        }
    }
}
