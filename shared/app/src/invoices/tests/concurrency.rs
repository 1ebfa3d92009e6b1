//! Concurrent calls for the same orders and for the same invoice.

use std::sync::Arc;

use super::test_app::{InvoiceTestApp, customer};

const CROWD: usize = 64;

/// Covers: I21
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_applications_for_the_same_orders_create_one_live_invoice() {
    let app = Arc::new(InvoiceTestApp::new());
    let paid = app.paid(customer(1), 5).await;
    let tasks: Vec<_> = (0..CROWD)
        .map(|n| {
            let (app, paid) = (app.clone(), paid.clone());
            // The applications overlap: each names the first order and some of the others.
            tokio::spawn(async move { app.apply(customer(1), &paid[..=n % 5], &n.to_string()).await.is_ok() })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap());
    }
    assert_eq!(made, 1);
    app.assert_invariants("concurrent applications").await;
}

/// Covers: I17
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_repetitions_of_one_command_create_one_invoice() {
    let app = Arc::new(InvoiceTestApp::new());
    let paid = app.paid(customer(1), 2).await;
    let tasks: Vec<_> = (0..CROWD)
        .map(|_| {
            let (app, paid) = (app.clone(), paid.clone());
            tokio::spawn(async move { app.apply(customer(1), &paid, "key").await.unwrap().no })
        })
        .collect();
    let mut numbers = std::collections::BTreeSet::new();
    for task in tasks {
        numbers.insert(task.await.unwrap());
    }
    assert_eq!(numbers.len(), 1);
    app.assert_invariants("one command sent concurrently").await;
}

/// Covers: I22
#[tokio::test(flavor = "multi_thread")]
async fn concurrent_withdrawal_and_approval_have_one_winner() {
    for round in 0..20 {
        let app = Arc::new(InvoiceTestApp::seeded(round));
        let paid = app.paid(customer(1), 1).await;
        let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
        let (a, b, one, two) = (app.clone(), app.clone(), invoice.clone(), invoice.clone());
        let withdraw = tokio::spawn(async move { a.withdraw(&one).await.is_ok() });
        let approve = tokio::spawn(async move { b.approve(&two, "approve").await.is_ok() });
        let (withdrawn, approved) = (withdraw.await.unwrap(), approve.await.unwrap());
        assert!(withdrawn != approved, "{withdrawn} {approved}");
        assert_eq!(app.provider.accepted(), usize::from(approved));
        app.run_until_settled().await;
        app.assert_invariants("withdraw against approve").await;
    }
}
