//! The invariants of money that concern more than one wallet, checked over every row of the store and over the providers' trades.

use std::collections::{BTreeMap, BTreeSet};

use domain::money::Fen;
use domain::money::coupon::{self, Coupon};
use domain::money::hold::{self, Hold};
use domain::money::ledger::{Entry, Kind};
use domain::money::number::PaymentNumber;
use domain::money::order::{self, Order, PaidBy};
use domain::money::payment::{self, Payment, Provider, Purpose};
use domain::money::recharge::{self, Recharge};
use domain::money::refund::Refund;

use super::{MoneyRows, TestApp, TradeState};
use crate::wallet::check::Report;

/// Fails the test with the first violated invariant; `report` is the result of the nightly check on the same rows.
pub(super) fn assert_money_invariants(app: &TestApp, context: &str, report: &Report) {
    let rows = MoneyRows::of(app);
    let orders: Vec<Order> = rows.all("ORDER#");
    let payments: Vec<Payment> = rows.all("PAYMENT");
    let refunds: Vec<Refund> = rows.all("REFUND");
    charged_once(&rows, &orders, &payments, &refunds, context);
    coupons(&rows, &orders, context);
    failed_photos_cost_nothing(&rows, context);
    recharges(&rows, &payments, context);
    providers_agree(app, report, &payments, context);
}

fn is_paid(order: &Order) -> bool {
    matches!(order.state, order::State::Paid { .. } | order::State::Refunding { .. } | order::State::Refunded { .. })
}

/// I8, I10, I15, I20.
fn charged_once(rows: &MoneyRows, orders: &[Order], payments: &[Payment], refunds: &[Refund], context: &str) {
    let mut photos = BTreeSet::new();
    for order in orders {
        assert_eq!(
            order.payable(),
            Fen::new((order.gross().get() - order.discount_amount().get()).max(0)),
            "I15 {context}"
        );
        let open = matches!(order.state, order::State::AwaitingPayment { .. });
        if !is_paid(order) && !open {
            continue;
        }
        for line in &order.lines {
            assert!(photos.insert(line.image_no), "I8 {context}: {} in two orders", line.image_no);
            let expected = if is_paid(order) { "paid" } else { "passed" };
            assert_eq!(rows.photo_state(line.image_no), expected, "I10 {context}");
        }
    }
    for payment in payments {
        let payment::State::Succeeded { overpayment, .. } = payment.state else { continue };
        let refund = refunds.iter().find(|refund| refund.payment_no == payment.no);
        assert!(refund.is_none_or(|refund| refund.amount_fen <= payment.amount_fen), "I20 {context}");
        if overpayment {
            let refunded = refund.map(|refund| refund.amount_fen);
            assert_eq!(refunded, Some(payment.amount_fen), "I8 {context}: an overpayment without its refund");
        } else if let Purpose::Order { no } = &payment.purpose {
            let order = orders.iter().find(|order| order.no == *no).unwrap();
            let by = match &order.state {
                order::State::Paid { by, .. }
                | order::State::Refunding { by, .. }
                | order::State::Refunded { by, .. } => by,
                other => panic!("I8 {context}: paid for but {}", other.name()),
            };
            let own = PaidBy::Provider { provider: payment.provider, payment_no: payment.no.clone() };
            assert_eq!(*by, own, "I8 {context}");
        }
    }
}

/// I12.
fn coupons(rows: &MoneyRows, orders: &[Order], context: &str) {
    let holds: Vec<Hold> = rows.all("HOLD#");
    let mut holders: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let open_order = |order: &&Order| matches!(order.state, order::State::AwaitingPayment { .. }) || is_paid(order);
    for order in orders.iter().filter(open_order) {
        if let Some(discount) = &order.discount {
            holders.entry(discount.coupon.to_string()).or_default().push(order.no.to_string());
        }
    }
    for hold in holds.iter().filter(|hold| matches!(hold.state, hold::State::Open { .. })) {
        if let Some(discount) = &hold.discount {
            holders.entry(discount.coupon.to_string()).or_default().push(hold.no.to_string());
        }
    }
    for coupon in rows.all::<Coupon>("COUPON#") {
        let expected: Vec<String> = match &coupon.state {
            coupon::State::Held { order_no, .. } | coupon::State::Used { order_no, .. } => vec![order_no.to_string()],
            _ => vec![],
        };
        let taken = holders.remove(coupon.id.as_str()).unwrap_or_default();
        assert_eq!(taken, expected, "I12 {context}: a coupon {}", coupon.state.name());
    }
    assert!(holders.is_empty(), "I12 {context}: coupons that do not exist: {holders:?}");
}

/// I9.
fn failed_photos_cost_nothing(rows: &MoneyRows, context: &str) {
    let entries: Vec<Entry> = rows.all("LEDGER#");
    for hold in rows.all::<Hold>("HOLD#") {
        let moved = entries.iter().filter(|entry| entry.order_no == hold.no);
        let net: i64 = moved.filter(|entry| entry.kind != Kind::Refund).map(|entry| entry.amount_fen.get()).sum();
        let expected = if matches!(hold.state, hold::State::Posted { .. }) { -hold.amount().get() } else { 0 };
        assert_eq!(net, expected, "I9 {context}: a hold {}", hold.state.name());
        let state = rows.photo_state(hold.image_no);
        if matches!(state.as_str(), "failed" | "unreadable" | "timed-out") {
            assert!(!matches!(hold.state, hold::State::Posted { .. }), "I9 {context}: {state} and charged");
        }
    }
}

/// I16.
fn recharges(rows: &MoneyRows, payments: &[Payment], context: &str) {
    let entries: Vec<Entry> = rows.all("LEDGER#");
    for recharge in rows.all::<Recharge>("RECHARGE#") {
        let lines: Vec<&Entry> = entries.iter().filter(|entry| entry.order_no == recharge.no).collect();
        let recharge::State::Credited { payment_no, .. } = &recharge.state else {
            assert!(lines.is_empty(), "I16 {context}: credited without a payment");
            continue;
        };
        let payment = payments.iter().find(|payment| payment.no == *payment_no).unwrap();
        assert_eq!(lines.len(), 1, "I16 {context}: credited {} times", lines.len());
        assert_eq!(lines[0].amount_fen, payment.amount_fen, "I16 {context}");
        assert_eq!(recharge.amount_fen, payment.amount_fen, "I16 {context}");
    }
}

/// I29: what each provider holds for us equals the balance of its channel, for all payments of which we know the outcome.
fn providers_agree(app: &TestApp, report: &Report, payments: &[Payment], context: &str) {
    for provider in Provider::ALL {
        let fake = app.payment_provider(provider);
        let is_known = |no: &PaymentNumber| {
            payments
                .iter()
                .any(|payment| payment.no == *no && matches!(payment.state, payment::State::Succeeded { .. }))
        };
        let refunds: Vec<Refund> = MoneyRows::of(app).all("REFUND");
        let is_refunded =
            |no: &PaymentNumber| refunds.iter().any(|refund| refund.payment_no == *no && !refund.is_open());
        let trades = fake.trades();
        let known = trades.iter().filter(|(no, (_, trade))| match trade {
            TradeState::Paid => is_known(no),
            TradeState::Refunded => is_known(no) && !is_refunded(no),
            _ => false,
        });
        let theirs: i64 = known.map(|(_, (amount, _))| amount.get()).sum();
        let ours = -report.trial_balance.get(&format!("channel:{}", provider.code())).copied().unwrap_or(0);
        assert_eq!(ours, theirs, "I29 {context}: {}", provider.code());
    }
}

/// I7, I25: fails the test if anything still waits although all time limits are over.
pub(crate) fn assert_all_ended(app: &TestApp, context: &str) {
    let rows = MoneyRows::of(app);
    let holds: Vec<Hold> = rows.all("HOLD#");
    assert!(holds.iter().all(|hold| !matches!(hold.state, hold::State::Open { .. })), "I7 {context}");
    let orders: Vec<Order> = rows.all("ORDER#");
    let waits =
        |order: &&Order| matches!(order.state, order::State::AwaitingPayment { .. } | order::State::Refunding { .. });
    assert_eq!(orders.iter().find(waits), None, "I25 {context}");
    let payments: Vec<Payment> = rows.all("PAYMENT");
    assert_eq!(payments.iter().find(|payment| payment.is_open()), None, "I25 {context}");
    let refunds: Vec<Refund> = rows.all("REFUND");
    assert_eq!(refunds.iter().find(|refund| refund.is_open()), None, "I25 {context}");
    for provider in Provider::ALL {
        let trades = app.payment_provider(provider).trades();
        let is_known = |no: &PaymentNumber| {
            payments
                .iter()
                .any(|payment| payment.no == *no && matches!(payment.state, payment::State::Succeeded { .. }))
        };
        let unknown: Vec<_> =
            trades.iter().filter(|(no, (_, trade))| *trade == TradeState::Paid && !is_known(no)).collect();
        assert!(unknown.is_empty(), "I25 {context}: paid at the provider and not recorded: {unknown:?}");
    }
}
