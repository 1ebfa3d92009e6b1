//! The invariants of invoices (I21, I22), checked on all rows of the store and on the records of the fake provider.

use std::collections::BTreeMap;

use domain::invoice::{Invoice, State};
use domain::money::Fen;
use domain::money::order::{self, Order};
use serde::de::DeserializeOwned;

use super::test_app::InvoiceTestApp;
use crate::invoices::InvoiceStatus;
use crate::objects::Bucket;
use crate::store::Table;

fn all<T: DeserializeOwned>(app: &InvoiceTestApp, prefix: &str) -> Vec<T> {
    let rows = app.money_app.store.inner.dump().into_iter();
    let rows = rows.filter(|(key, _)| key.table == Table::Money && key.sk.starts_with(prefix));
    rows.map(|(_, row)| serde_json::from_value(row["data"].clone()).unwrap()).collect()
}

pub fn check(app: &InvoiceTestApp, context: &str) {
    let orders: BTreeMap<String, Order> =
        all::<Order>(app, "ORDER#").into_iter().map(|order| (order.no.to_string(), order)).collect();
    let invoices: Vec<Invoice> = all(app, "INVOICE#");
    locks(&orders, &invoices, context);
    amounts(&orders, &invoices, context);
    documents(app, &invoices, context);
    letters(app, &invoices, context);
}

/// Every live invoice locks its orders, and no other order is locked.
fn locks(orders: &BTreeMap<String, Order>, invoices: &[Invoice], context: &str) {
    let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for invoice in invoices.iter().filter(|invoice| invoice.is_live()) {
        for item in &invoice.orders {
            holders.entry(item.order_no.as_str()).or_default().push(invoice.no.as_str());
        }
    }
    for (no, order) in orders {
        let holder: Vec<&str> = order.invoice.iter().map(|invoice| invoice.as_str()).collect();
        assert_eq!(holder, holders.remove(no.as_str()).unwrap_or_default(), "I21 {context}: order {no}");
        if order.invoice.is_some() {
            assert!(
                matches!(order.state, order::State::Paid { .. }),
                "I21 {context}: {} and invoiced",
                order.state.name()
            );
        }
    }
    assert!(holders.is_empty(), "I21 {context}: invoices of orders that are not there");
}

fn amounts(orders: &BTreeMap<String, Order>, invoices: &[Invoice], context: &str) {
    for invoice in invoices {
        assert!(!invoice.orders.is_empty(), "I21 {context}: an invoice of nothing");
        let paid = Fen::sum(invoice.orders.iter().map(|item| orders[item.order_no.as_str()].payable())).unwrap();
        assert_eq!(invoice.amount_fen, paid, "I21 {context}");
    }
}

/// There is at most one document per order that is issued and not reversed. Every issued invoice has its document at
/// the provider, and its file in the bucket.
fn documents(app: &InvoiceTestApp, invoices: &[Invoice], context: &str) {
    let papers = app.provider.requests();
    let done = |no: &String| match &papers.get(no)?.status {
        InvoiceStatus::Done(document) => Some(document.clone()),
        _ => None,
    };
    let taken_back: Vec<&String> =
        papers.iter().filter(|(no, _)| done(no).is_some()).filter_map(|(_, paper)| paper.reverses.as_ref()).collect();
    let mut standing: BTreeMap<String, usize> = BTreeMap::new();
    for (request_no, _) in papers.iter().filter(|(_, paper)| paper.reverses.is_none()) {
        let Some(document) = done(request_no) else { continue };
        if taken_back.contains(&&document.fiscal_no) {
            continue;
        }
        let no = Invoice::no_of_request(request_no).unwrap();
        let invoice = invoices.iter().find(|invoice| invoice.no == no).expect("an invoice behind every request");
        for item in &invoice.orders {
            *standing.entry(item.order_no.to_string()).or_default() += 1;
        }
    }
    assert!(standing.values().all(|documents| *documents == 1), "I21 {context}: two documents for one payment");
    let files = app.objects.contents.lock().unwrap();
    for invoice in invoices {
        let Some(issued) = invoice.state.issued() else { continue };
        let file = files.get(&(Bucket::Invoices, issued.file.key.clone()));
        let (bytes, _) = file.unwrap_or_else(|| panic!("IC-178 {context}: no file of {}", invoice.no));
        assert_eq!(*bytes, format!("%PDF-1.4 {}", issued.fiscal_no).into_bytes(), "IC-178 {context}");
    }
}

/// There is exactly one e-mail for each result, even if the provider reported it twice.
fn letters(app: &InvoiceTestApp, invoices: &[Invoice], context: &str) {
    let letters = app.emails();
    for invoice in invoices {
        let of = |head: &str| {
            letters.iter().filter(|it| it.subject.contains(head) && it.text.contains(invoice.no.as_str())).count()
        };
        assert_eq!(of("发票已开具"), usize::from(invoice.state.issued().is_some()), "IC-183 {context}");
        assert_eq!(of("发票已冲红"), usize::from(matches!(invoice.state, State::Reversed { .. })), "IC-183 {context}");
        if matches!(invoice.state, State::Failed { .. }) {
            assert!(
                of("发票申请未通过") + of("发票开具失败") >= 1,
                "IC-183 {context}: a failed application without an e-mail"
            );
        }
    }
}

/// After the due work has run, no request waits for the provider, and the rows agree with its records (I25).
pub fn all_ended(app: &InvoiceTestApp, context: &str) {
    let invoices: Vec<Invoice> = all(app, "INVOICE#");
    let waits = invoices.iter().find(|invoice| invoice.request_no().is_some());
    assert_eq!(waits, None, "I25 {context}");
    for (request_no, paper) in app.provider.requests() {
        let InvoiceStatus::Done(document) = &paper.status else { continue };
        let no = Invoice::no_of_request(&request_no).unwrap();
        let invoice = invoices.iter().find(|invoice| invoice.no == no).unwrap();
        let known = match &invoice.state {
            State::Reversed { issued, red, .. } => [issued.fiscal_no.clone(), red.fiscal_no.clone()].to_vec(),
            state => state.issued().map(|issued| issued.fiscal_no.clone()).into_iter().collect(),
        };
        assert!(known.contains(&document.fiscal_no), "I25 {context}: {request_no} is not recorded on our side");
    }
}
