//! The promises that need more than one person's books: read from every row of the store and from the banks' own books.

use std::collections::{BTreeMap, BTreeSet};

use domain::money::Fen;
use domain::money::coupon::{self, Coupon};
use domain::money::hold::{self, Hold};
use domain::money::ledger::{Entry, Kind};
use domain::money::order::{self, Order, PaidBy};
use domain::money::payment::{self, Payment, Provider, Purpose};
use domain::money::recharge::{self, Recharge};
use domain::money::refund::Refund;
use serde::de::DeserializeOwned;

use super::bank::Trade;
use super::house::House;
use crate::store::{Key, Row};
use crate::wallet::check::Report;

pub struct Rows(BTreeMap<Key, Row>);

impl Rows {
    pub fn of(house: &House) -> Self {
        Self(house.store.inner.dump())
    }

    pub fn all<T: DeserializeOwned>(&self, prefix: &str) -> Vec<T> {
        let rows =
            self.0.iter().filter(|(key, _)| key.sk.starts_with(prefix) && key.table == crate::store::Table::Money);
        let rows = rows.filter_map(|(_, row)| row.get("data"));
        rows.map(|data| serde_json::from_value(data.clone()).unwrap()).collect()
    }

    fn photo_state(&self, image_no: &str) -> String {
        let row = self.0.iter().find(|(key, _)| key.pk == format!("PHOTO#{image_no}") && key.sk == "PHOTO");
        row.map_or_else(String::new, |(_, row)| row["state"].as_str().unwrap().to_owned())
    }
}

pub fn check(house: &House, context: &str, report: &Report) {
    let rows = Rows::of(house);
    let orders: Vec<Order> = rows.all("ORDER#");
    let payments: Vec<Payment> = rows.all("PAYMENT");
    let refunds: Vec<Refund> = rows.all("REFUND");
    charged_once(&rows, &orders, &payments, &refunds, context);
    coupons(&rows, &orders, context);
    failed_photos_cost_nothing(&rows, context);
    recharges(&rows, &payments, context);
    banks_agree(house, report, &payments, context);
}

fn is_paid(order: &Order) -> bool {
    matches!(order.state, order::State::Paid { .. } | order::State::Refunding { .. } | order::State::Refunded { .. })
}

/// I8, I10, I15, I20.
fn charged_once(rows: &Rows, orders: &[Order], payments: &[Payment], refunds: &[Refund], context: &str) {
    let mut photos = BTreeSet::new();
    for order in orders {
        assert_eq!(order.payable(), Fen::new((order.gross().get() - order.discounted().get()).max(0)), "I15 {context}");
        let open = matches!(order.state, order::State::AwaitingPayment { .. });
        if !is_paid(order) && !open {
            continue;
        }
        for line in &order.lines {
            assert!(photos.insert(line.image_no.clone()), "I8 {context}: {} in two orders", line.image_no);
            let expected = if is_paid(order) { "paid" } else { "passed" };
            assert_eq!(rows.photo_state(&line.image_no), expected, "I10 {context}");
        }
    }
    for payment in payments {
        let payment::State::Succeeded { surplus, .. } = payment.state else { continue };
        let refund = refunds.iter().find(|refund| refund.payment_no == payment.no);
        assert!(refund.is_none_or(|refund| refund.amount_fen <= payment.amount_fen), "I20 {context}");
        if surplus {
            let refunded = refund.map(|refund| refund.amount_fen);
            assert_eq!(refunded, Some(payment.amount_fen), "I8 {context}: a surplus without its refund");
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
fn coupons(rows: &Rows, orders: &[Order], context: &str) {
    let holds: Vec<Hold> = rows.all("HOLD#");
    let mut takers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let open_order = |order: &&Order| matches!(order.state, order::State::AwaitingPayment { .. }) || is_paid(order);
    for order in orders.iter().filter(open_order) {
        if let Some(discount) = &order.discount {
            takers.entry(discount.coupon.to_string()).or_default().push(order.no.to_string());
        }
    }
    for hold in holds.iter().filter(|hold| matches!(hold.state, hold::State::Open { .. })) {
        if let Some(discount) = &hold.discount {
            takers.entry(discount.coupon.to_string()).or_default().push(hold.no.to_string());
        }
    }
    for coupon in rows.all::<Coupon>("COUPON#") {
        let expected: Vec<String> = match &coupon.state {
            coupon::State::Held { order_no, .. } | coupon::State::Used { order_no, .. } => vec![order_no.to_string()],
            _ => vec![],
        };
        let taken = takers.remove(coupon.id.as_str()).unwrap_or_default();
        assert_eq!(taken, expected, "I12 {context}: a coupon {}", coupon.state.name());
    }
    assert!(takers.is_empty(), "I12 {context}: coupons nobody has: {takers:?}");
}

/// I9.
fn failed_photos_cost_nothing(rows: &Rows, context: &str) {
    let entries: Vec<Entry> = rows.all("LEDGER#");
    for hold in rows.all::<Hold>("HOLD#") {
        let moved = entries.iter().filter(|entry| entry.order_no == hold.no.as_str());
        let net: i64 = moved.filter(|entry| entry.kind != Kind::Refund).map(|entry| entry.amount_fen.get()).sum();
        let expected = if matches!(hold.state, hold::State::Posted { .. }) { -hold.amount().get() } else { 0 };
        assert_eq!(net, expected, "I9 {context}: a hold {}", hold.state.name());
        let state = rows.photo_state(&hold.image_no);
        if matches!(state.as_str(), "failed" | "unreadable" | "timed-out") {
            assert!(!matches!(hold.state, hold::State::Posted { .. }), "I9 {context}: {state} and charged");
        }
    }
}

/// I16.
fn recharges(rows: &Rows, payments: &[Payment], context: &str) {
    let entries: Vec<Entry> = rows.all("LEDGER#");
    for recharge in rows.all::<Recharge>("RECHARGE#") {
        let lines: Vec<&Entry> = entries.iter().filter(|entry| entry.order_no == recharge.no.as_str()).collect();
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

/// I29: what the banks hold is what the books say they hold, as far as we have been told.
fn banks_agree(house: &House, report: &Report, payments: &[Payment], context: &str) {
    for provider in Provider::ALL {
        let bank = house.bank(provider);
        let told = |no: &String| {
            payments
                .iter()
                .any(|payment| payment.no == *no && matches!(payment.state, payment::State::Succeeded { .. }))
        };
        let refunds: Vec<Refund> = Rows::of(house).all("REFUND");
        let back = |no: &String| refunds.iter().any(|refund| refund.payment_no == *no && !refund.is_open());
        let trades = bank.trades();
        let known = trades.iter().filter(|(no, (_, trade))| match trade {
            Trade::Paid => told(no),
            Trade::Refunded => told(no) && !back(no),
            _ => false,
        });
        let theirs: i64 = known.map(|(_, (amount, _))| amount.get()).sum();
        let ours = -report.trial_balance.get(&format!("channel:{}", provider.code())).copied().unwrap_or(0);
        assert_eq!(ours, theirs, "I29 {context}: {}", provider.code());
    }
}

/// I7, I25: after everything had its time, nothing waits any more.
pub fn all_ended(house: &House, context: &str) {
    let rows = Rows::of(house);
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
        let trades = house.bank(provider).trades();
        let told = |no: &String| {
            payments
                .iter()
                .any(|payment| payment.no == *no && matches!(payment.state, payment::State::Succeeded { .. }))
        };
        let unheard: Vec<_> = trades.iter().filter(|(no, (_, trade))| *trade == Trade::Paid && !told(no)).collect();
        assert!(unheard.is_empty(), "I25 {context}: paid and not noticed: {unheard:?}");
    }
}
