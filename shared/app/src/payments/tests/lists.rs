//! The list of orders, page by page.

use domain::money::order::Method;

use super::house::{House, person};
use crate::orders::{Filter, Listed, Orders, Type, list};
use crate::store::Cursor;

impl House {
    async fn list(&self, kind: Type, filter: &Filter, limit: u32, after: Option<Cursor>) -> Orders {
        list(&self.store.inner, &person(1).to_string(), kind, filter, limit, after).await.unwrap()
    }
}

fn numbers(orders: &Orders) -> Vec<String> {
    orders.orders.iter().map(|listed| listed.no().to_owned()).collect()
}

/// Covers: IC-129, IC-130
#[tokio::test]
async fn pages_hold_as_many_as_asked_for_whatever_the_filter_leaves_out() {
    let house = House::new();
    let mut placed = Vec::new();
    for n in 0..7 {
        house.advance(60);
        let photo = house.passed(person(1)).await;
        let order = house.place(person(1), &[photo], Method::Wechat, None, &n.to_string()).await.unwrap();
        // Every third stays unpaid.
        if n % 3 > 0 {
            house.cancel(&order).await.unwrap();
        }
        placed.insert(0, order.no.to_string());
    }
    let all = house.list(Type::Photos, &Filter::default(), 7, None).await;
    assert_eq!(numbers(&all), placed, "newest first");
    let first = house.list(Type::Photos, &Filter::default(), 3, None).await;
    assert_eq!(numbers(&first), placed[..3]);
    let second = house.list(Type::Photos, &Filter::default(), 3, first.next).await;
    assert_eq!(numbers(&second), placed[3..6]);
    let third = house.list(Type::Photos, &Filter::default(), 3, second.next).await;
    assert_eq!((numbers(&third), third.next), (placed[6..].to_vec(), None));

    let closed = Filter { state: Some("closed".to_owned()), ..Filter::default() };
    let first = house.list(Type::Photos, &closed, 3, None).await;
    assert_eq!(numbers(&first), [&*placed[1], &*placed[2], &*placed[4]], "a page is filled, and not beyond");
    let rest = house.list(Type::Photos, &closed, 3, first.next).await;
    assert_eq!((numbers(&rest), rest.next), (vec![placed[5].clone()], None));
    let open = Filter { state: Some("awaiting-payment".to_owned()), ..Filter::default() };
    let two = house.list(Type::Photos, &open, 2, None).await;
    assert_eq!(numbers(&two), [&*placed[0], &*placed[3]]);
    assert_eq!(numbers(&house.list(Type::Photos, &open, 2, two.next).await), [&*placed[6]]);
}

/// Covers: IC-129, IC-131
#[tokio::test]
async fn one_order_is_found_by_its_number_among_its_type_alone() {
    let house = House::new();
    let photo = house.passed(person(1)).await;
    let order = house.place(person(1), &[photo], Method::Wechat, None, "order").await.unwrap();
    let (recharge, _) = house.recharge(person(1), 150, "recharge").await.unwrap();
    let by = |no: &str| Filter { no: Some(no.to_owned()), ..Filter::default() };
    let found = house.list(Type::Photos, &by(order.no.as_str()), 10, None).await;
    assert_eq!(found.orders, [Listed::Photos(house.order(&order).await)]);
    assert_eq!(numbers(&house.list(Type::Recharge, &by(recharge.as_str()), 10, None).await), [recharge.as_str()]);
    for (kind, no) in [(Type::Recharge, order.no.as_str()), (Type::Photos, recharge.as_str()), (Type::Photos, "7")] {
        assert_eq!(numbers(&house.list(kind, &by(no), 10, None).await), [""; 0], "{no}");
    }
    let other = Filter { state: Some("paid".to_owned()), ..by(order.no.as_str()) };
    assert_eq!(numbers(&house.list(Type::Photos, &other, 10, None).await), [""; 0], "the other filters hold too");
}

/// Covers: IC-130
#[tokio::test]
async fn days_are_those_of_china_and_both_ends_are_included() {
    let house = House::new();
    let (mut days, mut placed) = (Vec::new(), Vec::new());
    for n in 0..3 {
        let photo = house.passed(person(1)).await;
        let order = house.place(person(1), &[photo], Method::Wechat, None, &n.to_string()).await.unwrap();
        days.push(domain::china_time::date(order.placed_at));
        placed.insert(0, order.no.to_string());
        house.advance(24 * 3600);
    }
    for (from, to, found) in [
        (Some(1), Some(1), &placed[1..2]),
        (Some(1), None, &placed[..2]),
        (None, Some(1), &placed[1..]),
        (Some(2), Some(0), &[]),
    ] {
        let day = |at: Option<usize>| at.map(|at| days[at]);
        let filter = Filter { from: day(from), to: day(to), ..Filter::default() };
        assert_eq!(numbers(&house.list(Type::Photos, &filter, 10, None).await), found, "{from:?} {to:?}");
        for no in &placed {
            let filter = Filter { no: Some(no.clone()), ..filter.clone() };
            let one = numbers(&house.list(Type::Photos, &filter, 10, None).await);
            let expected: Vec<&String> = found.iter().filter(|found| *found == no).collect();
            assert_eq!(one.iter().collect::<Vec<_>>(), expected, "{from:?} {to:?}");
        }
    }
}
