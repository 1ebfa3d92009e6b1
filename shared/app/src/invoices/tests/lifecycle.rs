//! The actions of the customer, and their effect on the orders.

use domain::invoice::CustomerState;
use domain::money::Fen;
use domain::money::order::{Method, State};

use super::test_app::{InvoiceTestApp, customer, details, special};
use crate::failure::Failure;
use crate::invoices::{self, Filter};

const fn conflict(code: &'static str) -> Failure {
    Failure::Conflict { code }
}

/// Covers: IC-134, IC-136
#[tokio::test]
async fn invoice_of_five_orders_has_the_sum_of_their_amounts() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 5).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    assert_eq!((invoice.amount_fen.fee_text().as_str(), invoice.orders.len()), ("7.5元", 5));
    assert_eq!(app.apply(customer(1), &paid, "key").await.unwrap(), invoice, "the same command has the same response");
    app.assert_invariants("five orders").await;
}

/// Covers: IC-136
#[tokio::test]
async fn invoice_amount_leaves_out_coupons() {
    let app = InvoiceTestApp::new();
    app.money_app.add_balance(customer(1), 1_000).await;
    let coupon = app.money_app.add_coupon(customer(1), 50, 7).await;
    let photo = app.money_app.add_passed_photo(customer(1)).await;
    let order = app.money_app.place(customer(1), &[photo], Method::Balance, Some(&coupon), "order").await.unwrap();
    let order = app.money_app.pay(&order).await.unwrap().order;
    assert_eq!(app.apply(customer(1), &[order], "key").await.unwrap().amount_fen, Fen::new(100));
}

/// Covers: IC-143
#[tokio::test]
async fn only_paid_orders_of_photos_are_invoiceable() {
    let app = InvoiceTestApp::new();
    let (recharge, _) = app.money_app.recharge(customer(1), 1_000, "recharge").await.unwrap();
    let apply = |no, key| app.apply_for(customer(1), vec![no], details(), key);
    assert_eq!(apply(recharge, "recharge").await, Err(conflict("order-not-invoiceable")));
    let photo = app.money_app.add_passed_photo(customer(1)).await;
    let unpaid = app.money_app.place(customer(1), &[photo], Method::Wechat, None, "unpaid").await.unwrap();
    assert_eq!(apply(unpaid.no.clone(), "unpaid").await, Err(conflict("order-not-invoiceable")));
    let coupon = app.money_app.add_coupon(customer(1), 150, 7).await;
    let photo = app.money_app.add_passed_photo(customer(1)).await;
    let free = app.money_app.place(customer(1), &[photo], Method::Wechat, Some(&coupon), "free").await.unwrap();
    assert!(matches!(free.state, State::Paid { .. }));
    assert_eq!(apply(free.no.clone(), "free").await, Err(conflict("order-not-invoiceable")));
    let refunded = app.paid(customer(1), 1).await.remove(0);
    app.refund(&refunded).await.unwrap();
    assert_eq!(apply(refunded.no.clone(), "refunded").await, Err(conflict("order-not-invoiceable")));
    app.assert_invariants("nothing to invoice").await;
}

/// Covers: I21
#[tokio::test]
async fn apply_with_no_duplicate_or_too_many_orders_is_refused() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invalid = |code| Err(Failure::Invalid { field: "/orderNos", code });
    assert_eq!(app.apply(customer(1), &[], "none").await, invalid("count-out-of-range"));
    let twice = [paid[0].clone(), paid[0].clone()];
    assert_eq!(app.apply(customer(1), &twice, "twice").await, invalid("listed-twice"));
    let many = vec![paid[0].clone(); 99];
    assert_eq!(app.apply(customer(1), &many, "many").await, invalid("count-out-of-range"));
}

/// Covers: IC-136
#[tokio::test]
async fn invoice_of_98_orders_fits_one_commit_at_every_step() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), domain::invoice::ORDERS_MAX).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    assert_eq!(invoice.amount_fen, Fen::new(98 * 150));
    app.withdraw(&invoice).await.unwrap();
    let invoice = app.apply(customer(1), &paid, "again").await.unwrap();
    let issued = app.issued(&invoice).await;
    app.reverse(&issued, "退款", "reverse").await.unwrap();
    app.run_until_settled().await;
    assert_eq!(app.invoice(&issued).await.state.name(), "reversed");
    app.assert_invariants("98 orders").await;
}

/// Covers: IC-142
#[tokio::test]
async fn order_in_an_application_cannot_be_invoiced_or_refunded() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 2).await;
    let invoice = app.apply(customer(1), &paid[..1], "key").await.unwrap();
    assert_eq!(app.apply(customer(1), &paid, "other").await, Err(conflict("order-already-invoiced")));
    let list = app.orders(customer(1)).await;
    let seen = |n: usize| list.iter().find(|listed| listed.no() == paid[n].no.as_str()).unwrap();
    assert_eq!((seen(0).is_invoiceable(), seen(0).invoice()), (false, Some(&invoice.no)));
    assert_eq!((seen(1).is_invoiceable(), seen(1).invoice()), (true, None));
    assert_eq!(
        app.refund(&paid[0]).await,
        Err(conflict("order-invoiced")),
        "I20: an invoiced order cannot be refunded"
    );
}

/// Covers: IC-179
#[tokio::test]
async fn withdraw_releases_the_orders() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 2).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let withdrawn = app.withdraw(&invoice).await.unwrap();
    assert_eq!(withdrawn.state.customer_state(), Some(CustomerState::Withdrawn));
    assert_eq!(app.withdraw(&invoice).await.unwrap(), withdrawn, "a repeated call changes nothing");
    app.assert_invariants("withdrawn").await;
    app.apply(customer(1), &paid[..1], "again").await.unwrap();
    assert_eq!(
        app.withdraw(&invoice).await.unwrap(),
        withdrawn,
        "a repeated call does not unlock the orders of the new invoice"
    );
    app.assert_invariants("applied again").await;
    app.refund(&paid[1]).await.unwrap();
}

/// Covers: IC-180
#[tokio::test]
async fn failed_application_can_be_amended() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    assert_eq!(app.amend(&invoice, &special(), "early").await, Err(conflict("invoice-not-amendable")));
    app.reject(&invoice, "抬头有误", "reject").await.unwrap();
    app.assert_invariants("a failed invoice holds its orders").await;
    let amended = app.amend(&invoice, &special(), "amend").await.unwrap();
    assert_eq!((amended.state.customer_state(), &amended.details), (Some(CustomerState::Applying), &special()));
    assert_eq!((amended.amount_fen, &amended.orders), (invoice.amount_fen, &invoice.orders), "frozen");
    assert_eq!(
        app.amend(&invoice, &special(), "amend").await.unwrap(),
        amended,
        "the same command has the same response"
    );
    assert_eq!(app.issued(&amended).await.state.name(), "succeeded");
}

/// Covers: IC-181
#[tokio::test]
async fn deleted_application_is_not_found() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    assert_eq!(app.delete(&invoice).await, Err(conflict("invoice-not-deletable")));
    app.reject(&invoice, "抬头有误", "reject").await.unwrap();
    app.delete(&invoice).await.unwrap();
    app.delete(&invoice).await.unwrap();
    let store = &app.money_app.store.inner;
    assert_eq!(invoices::get(store, invoice.owner, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(invoices::by_number(store, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(app.withdraw(&invoice).await, Err(Failure::NotFound));
    assert_eq!(app.approve(&invoice, "late").await, Err(Failure::NotFound));
    assert_eq!(app.list(customer(1), &Filter::default()).await, []);
    app.assert_invariants("deleted").await;
    app.apply(customer(1), &paid, "again").await.unwrap();
}

/// Covers: IC-182
#[tokio::test]
async fn action_in_a_wrong_state_is_refused_and_changes_nothing() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 3).await;
    let issuing = app.apply(customer(1), &paid[..1], "issuing").await.unwrap();
    let issuing = app.approve(&issuing, "approve").await.unwrap();
    assert_eq!(app.withdraw(&issuing).await, Err(conflict("invoice-being-issued")), "the provider may have issued");
    let succeeded = app.apply(customer(1), &paid[1..2], "succeeded").await.unwrap();
    let succeeded = app.issued(&succeeded).await;
    for refused in [
        app.withdraw(&succeeded).await,
        app.delete(&succeeded).await,
        app.amend(&succeeded, &details(), "amend").await,
        app.approve(&succeeded, "approve again").await,
        app.reject(&succeeded, "抬头有误", "reject").await,
    ] {
        assert!(matches!(refused, Err(Failure::Conflict { .. })), "{refused:?}");
    }
    assert_eq!(app.invoice(&succeeded).await, succeeded);
    let withdrawn = app.apply(customer(1), &paid[2..], "withdrawn").await.unwrap();
    app.withdraw(&withdrawn).await.unwrap();
    assert_eq!(app.reverse(&withdrawn, "退款", "reverse").await, Err(conflict("invoice-not-reversible")));
    app.assert_invariants("wrong states").await;
}

/// Covers: IC-177
#[tokio::test]
async fn list_is_filtered_by_number_state_and_amount_and_paged() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 6).await;
    let mut made = Vec::new();
    for (n, orders) in [&paid[..1], &paid[1..3], &paid[3..]].into_iter().enumerate() {
        app.money_app.advance(60);
        made.push(app.apply(customer(1), orders, &n.to_string()).await.unwrap());
    }
    let issued = app.issued(&made[1]).await;
    app.reject(&made[2], "抬头有误", "reject").await.unwrap();
    let nos = |of: &[usize]| of.iter().map(|n| made[*n].no.clone()).collect::<Vec<_>>();
    let all = Filter::default();
    assert_eq!(app.list(customer(1), &all).await, nos(&[2, 1, 0]), "newest first");
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
        assert_eq!(app.list(customer(1), &filter).await, expected, "{filter:?}");
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = invoices::list(&app.money_app.store.inner, customer(1), &all, 2, after).await.unwrap();
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
async fn list_filters_by_days_in_china() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 2).await;
    let midnight: jiff::Timestamp = "2024-01-15T16:00:00Z".parse().unwrap();
    let left = midnight.duration_since(app.money_app.now()).as_secs();
    app.money_app.advance(left - 1);
    let before = app.apply(customer(1), &paid[..1], "a second before midnight").await.unwrap();
    app.money_app.advance(1);
    let after = app.apply(customer(1), &paid[1..], "at midnight").await.unwrap();
    let day = |text: &str| Some(text.parse().unwrap());
    let of = |from, to| Filter { from, to, ..Filter::default() };
    for (filter, expected) in [
        (of(day("2024-01-15"), day("2024-01-15")), vec![before.no.clone()]),
        (of(day("2024-01-16"), None), vec![after.no.clone()]),
        (of(None, day("2024-01-15")), vec![before.no.clone()]),
        (of(day("2024-01-15"), day("2024-01-16")), vec![after.no.clone(), before.no.clone()]),
        (of(day("2024-01-17"), None), vec![]),
    ] {
        assert_eq!(app.list(customer(1), &filter).await, expected, "{filter:?}");
    }
}

/// Covers: I23
#[tokio::test]
async fn invoice_and_orders_of_another_account_are_not_found() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    assert_eq!(app.apply(customer(2), &paid, "theirs").await, Err(Failure::NotFound));
    let invoice = app.apply(customer(1), &paid, "mine").await.unwrap();
    let (store, other) = (&app.money_app.store.inner, customer(2));
    assert_eq!(invoices::get(store, other, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(invoices::withdraw(&app.invoicing, other, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(invoices::delete(&app.invoicing, other, &invoice.no).await, Err(Failure::NotFound));
    assert_eq!(app.list(customer(2), &Filter::default()).await, []);
    app.issued(&invoice).await;
    assert_eq!(invoices::link(&app.invoicing, other, &invoice.no).await, Err(Failure::NotFound));
}
