//! What the customer may do, and what it costs the orders.

use domain::invoice::CustomerState;
use domain::money::Fen;
use domain::money::order::{Method, State};

use super::house::{House, details, person, special};
use crate::failure::Failure;
use crate::invoices::{self, Filter};

const fn conflict(code: &'static str) -> Failure {
    Failure::Conflict { code }
}

/// Covers: IC-134, IC-136
#[tokio::test]
async fn five_orders_are_one_invoice_of_seven_and_a_half_yuan() {
    let house = House::new();
    let paid = house.paid(person(1), 5).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    assert_eq!((invoice.amount_fen.fee_text().as_str(), invoice.orders.len()), ("7.5元", 5));
    assert_eq!(house.apply(person(1), &paid, "key").await.unwrap(), invoice, "the same command, the same answer");
    house.assert_promises("five orders").await;
}

/// Covers: IC-136
#[tokio::test]
async fn what_a_coupon_paid_is_not_invoiced() {
    let house = House::new();
    house.shop.add_balance(person(1), 1_000).await;
    let coupon = house.shop.add_coupon(person(1), 50, 7).await;
    let photo = house.shop.add_passed_photo(person(1)).await;
    let order = house.shop.place(person(1), &[photo], Method::Balance, Some(&coupon), "order").await.unwrap();
    let order = house.shop.pay(&order).await.unwrap().order;
    assert_eq!(house.apply(person(1), &[order], "key").await.unwrap().amount_fen, Fen::new(100));
}

/// Covers: IC-143
#[tokio::test]
async fn only_money_really_paid_for_photos_is_invoiced() {
    let house = House::new();
    let (recharge, _) = house.shop.recharge(person(1), 1_000, "recharge").await.unwrap();
    let apply = |no, key| house.apply_for(person(1), vec![no], details(), key);
    assert_eq!(apply(recharge, "recharge").await, Err(conflict("order-not-invoiceable")));
    let photo = house.shop.add_passed_photo(person(1)).await;
    let unpaid = house.shop.place(person(1), &[photo], Method::Wechat, None, "unpaid").await.unwrap();
    assert_eq!(apply(unpaid.no.clone(), "unpaid").await, Err(conflict("order-not-invoiceable")));
    let coupon = house.shop.add_coupon(person(1), 150, 7).await;
    let photo = house.shop.add_passed_photo(person(1)).await;
    let free = house.shop.place(person(1), &[photo], Method::Wechat, Some(&coupon), "free").await.unwrap();
    assert!(matches!(free.state, State::Paid { .. }));
    assert_eq!(apply(free.no.clone(), "free").await, Err(conflict("order-not-invoiceable")));
    let refunded = house.paid(person(1), 1).await.remove(0);
    house.refund(&refunded).await.unwrap();
    assert_eq!(apply(refunded.no.clone(), "refunded").await, Err(conflict("order-not-invoiceable")));
    house.assert_promises("nothing to invoice").await;
}

/// Covers: I21
#[tokio::test]
async fn none_twice_or_too_many_orders_are_refused() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invalid = |code| Err(Failure::Invalid { field: "/orderNos", code });
    assert_eq!(house.apply(person(1), &[], "none").await, invalid("count-out-of-range"));
    let twice = [paid[0].clone(), paid[0].clone()];
    assert_eq!(house.apply(person(1), &twice, "twice").await, invalid("listed-twice"));
    let many = vec![paid[0].clone(); 99];
    assert_eq!(house.apply(person(1), &many, "many").await, invalid("count-out-of-range"));
}

/// Covers: IC-136
#[tokio::test]
async fn ninety_eight_orders_fit_one_commit_at_every_step() {
    let house = House::new();
    let paid = house.paid(person(1), domain::invoice::ORDERS_MAX).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    assert_eq!(invoice.amount_fen, Fen::new(98 * 150));
    house.withdraw(&invoice).await.unwrap();
    let invoice = house.apply(person(1), &paid, "again").await.unwrap();
    let issued = house.issued(&invoice).await;
    house.reverse(&issued, "退款", "reverse").await.unwrap();
    house.settle_down().await;
    assert_eq!(house.invoice(&issued).await.state.name(), "reversed");
    house.assert_promises("98 orders").await;
}

/// Covers: IC-142
#[tokio::test]
async fn an_order_that_was_applied_for_is_locked_for_everything_else() {
    let house = House::new();
    let paid = house.paid(person(1), 2).await;
    let invoice = house.apply(person(1), &paid[..1], "key").await.unwrap();
    assert_eq!(house.apply(person(1), &paid, "other").await, Err(conflict("order-already-invoiced")));
    let list = house.orders(person(1)).await;
    let seen = |n: usize| list.iter().find(|listed| listed.no() == paid[n].no.as_str()).unwrap();
    assert_eq!((seen(0).is_invoiceable(), seen(0).invoice()), (false, Some(&invoice.no)));
    assert_eq!((seen(1).is_invoiceable(), seen(1).invoice()), (true, None));
    assert_eq!(
        house.refund(&paid[0]).await,
        Err(conflict("order-invoiced")),
        "I20: the money stays as long as its invoice does"
    );
}

/// Covers: IC-179
#[tokio::test]
async fn withdrawn_while_applying_and_the_orders_are_free_again() {
    let house = House::new();
    let paid = house.paid(person(1), 2).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let withdrawn = house.withdraw(&invoice).await.unwrap();
    assert_eq!(withdrawn.state.customer_state(), Some(CustomerState::Withdrawn));
    assert_eq!(house.withdraw(&invoice).await.unwrap(), withdrawn, "twice is once");
    house.assert_promises("withdrawn").await;
    house.apply(person(1), &paid[..1], "again").await.unwrap();
    assert_eq!(house.withdraw(&invoice).await.unwrap(), withdrawn, "and does not touch who holds them now");
    house.assert_promises("applied again").await;
    house.refund(&paid[1]).await.unwrap();
}

/// Covers: IC-180
#[tokio::test]
async fn a_failed_one_is_corrected_and_applied_for_again() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    assert_eq!(house.amend(&invoice, &special(), "early").await, Err(conflict("invoice-not-amendable")));
    house.reject(&invoice, "抬头有误", "reject").await.unwrap();
    house.assert_promises("a failed invoice holds its orders").await;
    let amended = house.amend(&invoice, &special(), "amend").await.unwrap();
    assert_eq!((amended.state.customer_state(), &amended.details), (Some(CustomerState::Applying), &special()));
    assert_eq!((amended.amount_fen, &amended.orders), (invoice.amount_fen, &invoice.orders), "frozen");
    assert_eq!(house.amend(&invoice, &special(), "amend").await.unwrap(), amended, "the same command, the same answer");
    assert_eq!(house.issued(&amended).await.state.name(), "succeeded");
}

/// Covers: IC-181
#[tokio::test]
async fn a_failed_one_is_deleted_and_gone() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    assert_eq!(house.delete(&invoice).await, Err(conflict("invoice-not-deletable")));
    house.reject(&invoice, "抬头有误", "reject").await.unwrap();
    house.delete(&invoice).await.unwrap();
    house.delete(&invoice).await.unwrap();
    let store = &house.shop.store.inner;
    assert_eq!(invoices::get(store, invoice.owner, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(invoices::by_number(store, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(house.withdraw(&invoice).await, Err(Failure::NotFound));
    assert_eq!(house.approve(&invoice, "late").await, Err(Failure::NotFound));
    assert_eq!(house.list(person(1), &Filter::default()).await, []);
    house.assert_promises("deleted").await;
    house.apply(person(1), &paid, "again").await.unwrap();
}

/// Covers: IC-182
#[tokio::test]
async fn an_action_in_the_wrong_state_is_refused_and_changes_nothing() {
    let house = House::new();
    let paid = house.paid(person(1), 3).await;
    let issuing = house.apply(person(1), &paid[..1], "issuing").await.unwrap();
    let issuing = house.approve(&issuing, "approve").await.unwrap();
    assert_eq!(house.withdraw(&issuing).await, Err(conflict("invoice-being-issued")), "the provider may have issued");
    let succeeded = house.apply(person(1), &paid[1..2], "succeeded").await.unwrap();
    let succeeded = house.issued(&succeeded).await;
    for refused in [
        house.withdraw(&succeeded).await,
        house.delete(&succeeded).await,
        house.amend(&succeeded, &details(), "amend").await,
        house.approve(&succeeded, "approve again").await,
        house.reject(&succeeded, "抬头有误", "reject").await,
    ] {
        assert!(matches!(refused, Err(Failure::Conflict { .. })), "{refused:?}");
    }
    assert_eq!(house.invoice(&succeeded).await, succeeded);
    let withdrawn = house.apply(person(1), &paid[2..], "withdrawn").await.unwrap();
    house.withdraw(&withdrawn).await.unwrap();
    assert_eq!(house.reverse(&withdrawn, "退款", "reverse").await, Err(conflict("invoice-not-reversible")));
    house.assert_promises("wrong states").await;
}

/// Covers: IC-177
#[tokio::test]
async fn the_list_is_filtered_by_number_state_and_amount_and_comes_in_pages() {
    let house = House::new();
    let paid = house.paid(person(1), 6).await;
    let mut made = Vec::new();
    for (n, orders) in [&paid[..1], &paid[1..3], &paid[3..]].into_iter().enumerate() {
        house.shop.advance(60);
        made.push(house.apply(person(1), orders, &n.to_string()).await.unwrap());
    }
    let issued = house.issued(&made[1]).await;
    house.reject(&made[2], "抬头有误", "reject").await.unwrap();
    let nos = |of: &[usize]| of.iter().map(|n| made[*n].no.clone()).collect::<Vec<_>>();
    let all = Filter::default();
    assert_eq!(house.list(person(1), &all).await, nos(&[2, 1, 0]), "newest first");
    let fiscal_no = issued.state.issued().unwrap().fiscal_no.clone();
    for (filter, expected) in [
        (Filter { no: Some(made[0].no.to_string()), ..all.clone() }, nos(&[0])),
        (Filter { no: Some(fiscal_no), ..all.clone() }, nos(&[1])),
        (Filter { no: Some("2024".into()), ..all.clone() }, vec![]),
        (Filter { state: Some(CustomerState::Applying), ..all.clone() }, nos(&[0])),
        (Filter { state: Some(CustomerState::Succeeded), ..all.clone() }, nos(&[1])),
        (Filter { state: Some(CustomerState::Failed), ..all.clone() }, nos(&[2])),
        (Filter { least: Some(Fen::new(300)), ..all.clone() }, nos(&[2, 1])),
        (Filter { most: Some(Fen::new(300)), ..all.clone() }, nos(&[1, 0])),
        (Filter { least: Some(Fen::new(300)), most: Some(Fen::new(300)), ..all.clone() }, nos(&[1])),
    ] {
        assert_eq!(house.list(person(1), &filter).await, expected, "{filter:?}");
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = invoices::list(&house.shop.store.inner, person(1), &all, 2, after).await.unwrap();
        assert!(page.invoices.len() <= 2);
        seen.extend(page.invoices.into_iter().map(|invoice| invoice.no));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, nos(&[2, 1, 0]));
}

/// Covers: IC-177, XX-13
#[tokio::test]
async fn days_of_the_list_are_days_in_shanghai() {
    let house = House::new();
    let paid = house.paid(person(1), 2).await;
    let midnight: jiff::Timestamp = "2024-01-15T16:00:00Z".parse().unwrap();
    let left = midnight.duration_since(house.shop.now()).as_secs();
    house.shop.advance(left - 1);
    let before = house.apply(person(1), &paid[..1], "a second before midnight").await.unwrap();
    house.shop.advance(1);
    let after = house.apply(person(1), &paid[1..], "at midnight").await.unwrap();
    let day = |text: &str| Some(text.parse().unwrap());
    let of = |from, to| Filter { from, to, ..Filter::default() };
    for (filter, expected) in [
        (of(day("2024-01-15"), day("2024-01-15")), vec![before.no.clone()]),
        (of(day("2024-01-16"), None), vec![after.no.clone()]),
        (of(None, day("2024-01-15")), vec![before.no.clone()]),
        (of(day("2024-01-15"), day("2024-01-16")), vec![after.no.clone(), before.no.clone()]),
        (of(day("2024-01-17"), None), vec![]),
    ] {
        assert_eq!(house.list(person(1), &filter).await, expected, "{filter:?}");
    }
}

/// Covers: I23
#[tokio::test]
async fn nobody_sees_or_touches_anothers_invoice_or_orders() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    assert_eq!(house.apply(person(2), &paid, "theirs").await, Err(Failure::NotFound));
    let invoice = house.apply(person(1), &paid, "mine").await.unwrap();
    let (store, other) = (&house.shop.store.inner, person(2));
    assert_eq!(invoices::get(store, other, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(invoices::withdraw(&house.invoicing, other, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(invoices::delete(&house.invoicing, other, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(house.list(person(2), &Filter::default()).await, []);
    house.issued(&invoice).await;
    assert_eq!(invoices::link(&house.invoicing, other, &invoice.no).await, Err(Failure::NotFound));
}
