//! Many at once on the same orders and on the same invoice.

use std::sync::Arc;

use super::house::{House, person};

const CROWD: usize = 64;

/// Covers: I21
#[tokio::test(flavor = "multi_thread")]
async fn case_64_applications_for_the_same_orders_are_one_live_invoice() {
    let house = Arc::new(House::new());
    let paid = house.paid(person(1), 5).await;
    let tasks: Vec<_> = (0..CROWD)
        .map(|n| {
            let (house, paid) = (house.clone(), paid.clone());
            // Overlapping, not equal: each wants the first order and some of the others.
            tokio::spawn(async move { house.apply(person(1), &paid[..=n % 5], &n.to_string()).await.is_ok() })
        })
        .collect();
    let mut made = 0;
    for task in tasks {
        made += usize::from(task.await.unwrap());
    }
    assert_eq!(made, 1);
    house.assert_promises("a crowd of applications").await;
}

/// Covers: I17
#[tokio::test(flavor = "multi_thread")]
async fn case_64_times_one_command_are_one_invoice() {
    let house = Arc::new(House::new());
    let paid = house.paid(person(1), 2).await;
    let tasks: Vec<_> = (0..CROWD)
        .map(|_| {
            let (house, paid) = (house.clone(), paid.clone());
            tokio::spawn(async move { house.apply(person(1), &paid, "key").await.unwrap().no })
        })
        .collect();
    let mut numbers = std::collections::BTreeSet::new();
    for task in tasks {
        numbers.insert(task.await.unwrap());
    }
    assert_eq!(numbers.len(), 1);
    house.assert_promises("a crowd of one command").await;
}

/// Covers: I22
#[tokio::test(flavor = "multi_thread")]
async fn withdrawing_and_approving_at_once_end_as_one_or_the_other() {
    for round in 0..20 {
        let house = Arc::new(House::seeded(round));
        let paid = house.paid(person(1), 1).await;
        let invoice = house.apply(person(1), &paid, "key").await.unwrap();
        let (a, b, one, two) = (house.clone(), house.clone(), invoice.clone(), invoice.clone());
        let withdraw = tokio::spawn(async move { a.withdraw(&one).await.is_ok() });
        let approve = tokio::spawn(async move { b.approve(&two, "approve").await.is_ok() });
        let (withdrawn, approved) = (withdraw.await.unwrap(), approve.await.unwrap());
        assert!(withdrawn != approved, "{withdrawn} {approved}");
        assert_eq!(house.office.accepted(), usize::from(approved));
        house.settle_down().await;
        house.assert_promises("withdraw against approve").await;
    }
}
