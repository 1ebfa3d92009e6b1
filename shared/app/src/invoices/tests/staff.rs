//! What staff decide, and what the provider makes of it.

use domain::invoice::{CustomerState, FailureReason, State};
use jiff::SignedDuration;

use super::house::{House, clerk, person};
use crate::audit::{self, AuditActor, Reason, Subject};
use crate::failure::Failure;
use crate::idempotency::Command;
use crate::invoices::{self, Decision, Queue, handle_callback, process_due};
use crate::payments::CallbackRejected;
use crate::payments::provider::RawCallback;
use crate::store::Fault;
use crate::testing::signed_invoice_callback;

/// Covers: IC-183, IC-178
#[tokio::test]
async fn approved_issued_and_its_file_kept() {
    let house = House::new();
    let paid = house.paid(person(1), 2).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let store = &house.shop.store.inner;
    let review = invoices::queue(store, Queue::Review, 50, None).await.unwrap().invoices;
    assert_eq!(review, std::slice::from_ref(&invoice));
    let early = invoices::link(&house.invoicing, invoice.owner, &invoice.no).await;
    assert_eq!(early, Err(Failure::Conflict { code: "invoice-not-issued" }));
    let issuing = house.approve(&invoice, "approve").await.unwrap();
    assert_eq!((issuing.state.name(), issuing.state.customer_state()), ("issuing", Some(CustomerState::Applying)));
    assert_eq!(house.office.requests().len(), 1, "the provider was asked at once");
    assert_eq!(invoices::queue(store, Queue::Review, 50, None).await.unwrap().invoices, []);
    let waiting = invoices::queue(store, Queue::Provider, 50, None).await.unwrap().invoices;
    assert_eq!(waiting, std::slice::from_ref(&issuing));
    house.office.work();
    house.notify(&issuing.request_no().unwrap()).await.unwrap();
    let link = invoices::link(&house.invoicing, invoice.owner, &invoice.no).await.unwrap();
    assert!(link.url.ends_with(".pdf"), "{}", link.url);
    assert!(invoices::LINK_LIFE <= SignedDuration::from_mins(5));
    assert_eq!(house.invoice(&invoice).await.state.customer_state(), Some(CustomerState::Succeeded));
    house.assert_promises("issued").await;
}

/// Covers: IC-183
#[tokio::test]
async fn staff_name_an_invoice_by_its_number_alone() {
    let house = House::new();
    let mut applied = Vec::new();
    for n in 1..4 {
        let paid = house.paid(person(n), 1).await;
        applied.push(house.apply(person(n), &paid, "key").await.unwrap());
    }
    for invoice in &applied {
        let issuing = house.approve(invoice, invoice.no.as_str()).await.unwrap();
        assert_eq!((issuing.owner, issuing.no), (invoice.owner, invoice.no.clone()));
    }
}

/// Covers: IC-183
#[tokio::test]
async fn a_rejection_needs_a_reason_and_the_customer_reads_it() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    for (reason, code) in [("", "field-missing"), ("  ", "field-missing"), (&*"字".repeat(201), "field-invalid")] {
        let refused = house.reject(&invoice, reason, reason).await;
        assert_eq!(refused, Err(Failure::Invalid { field: "/why", code }));
    }
    let rejected = house.reject(&invoice, "抬头与税号不符", "reject").await.unwrap();
    let State::Failed { failure: FailureReason::Rejected { reason, .. }, .. } = &rejected.state else {
        panic!("{rejected:?}")
    };
    assert_eq!(reason, "抬头与税号不符");
    assert_eq!(house.office.faults().calls(), 0, "nobody was asked");
}

/// Covers: IC-183, IC-203
#[tokio::test]
async fn every_decision_leaves_its_line_and_nobody_decides_for_himself() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let own = AuditActor { id: person(1).to_string(), ..clerk() };
    let command = Command::new(&own.id, "decide-invoice", "own", &()).unwrap();
    let why = Reason::rule("in order");
    let decided = invoices::decide(&house.invoicing, &own, &invoice.no, Decision::Approve, &why, &command).await;
    assert_eq!(decided, Err(Failure::Conflict { code: "own-invoice" }));
    house.reject(&invoice, "抬头有误", "reject").await.unwrap();
    house.amend(&invoice, &super::house::special(), "amend").await.unwrap();
    let issued = house.issued(&invoice).await;
    house.reverse(&issued, "订单退款", "reverse").await.unwrap();
    let subject = audit::Filter::Subject(Subject::account(person(1)));
    let lines = audit::read(&house.shop.store.inner, &subject, None, 50).await.unwrap().entries;
    let told: Vec<_> =
        lines.iter().rev().map(|line| (line.what.as_str(), line.by.as_str(), line.why.as_str())).collect();
    let by = clerk().id;
    assert_eq!(
        told,
        [
            ("invoice-reject", by.as_str(), "抬头有误"),
            ("invoice-approve", by.as_str(), "in order"),
            ("invoice-reverse", by.as_str(), "订单退款"),
        ]
    );
    let broken = audit::verify(&house.shop.store.inner, &Subject::account(person(1))).await.unwrap();
    assert_eq!(broken, None);
}

/// Covers: IC-183
#[tokio::test]
async fn twenty_clerks_decide_once() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let mut decided = 0;
    for n in 0..20 {
        let key = n.to_string();
        let outcome = if n % 2 == 0 {
            house.approve(&invoice, &key).await
        } else {
            house.reject(&invoice, "抬头有误", &key).await
        };
        decided += u32::from(outcome.is_ok());
    }
    assert_eq!((decided, house.office.accepted()), (1, 1));
}

/// Covers: I18
#[tokio::test]
async fn an_outcome_told_many_times_is_noted_once() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let issued = house.issued(&invoice).await;
    for _ in 0..3 {
        house.notify(&format!("{}I01", invoice.no)).await.unwrap();
        process_due(&house.invoicing).await.unwrap();
    }
    assert_eq!(house.invoice(&invoice).await, issued);
    assert_eq!(house.office.accepted(), 1);
}

/// Covers: I19
#[tokio::test]
async fn a_forged_notice_changes_nothing() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let issuing = house.approve(&invoice, "approve").await.unwrap();
    house.office.work();
    let forged = RawCallback { headers: vec![], ..signed_invoice_callback(&issuing.request_no().unwrap()) };
    let refused = handle_callback(&house.invoicing, &forged).await;
    assert!(matches!(refused, Err(CallbackRejected::InvalidSignature(_))), "{refused:?}");
    assert_eq!(house.invoice(&invoice).await, issuing);
}

/// Covers: I21
#[tokio::test]
async fn a_document_over_another_amount_is_not_believed() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let issuing = house.approve(&invoice, "approve").await.unwrap();
    let request_no = issuing.request_no().unwrap();
    house.office.work();
    house.office.falsify_amount(&request_no);
    let mismatch = Failure::Conflict { code: "invoice-mismatch" };
    assert_eq!(house.notify(&request_no).await, Err(CallbackRejected::Failed(mismatch)));
    house.shop.advance(60);
    let swept = process_due(&house.invoicing).await.unwrap();
    assert_eq!((swept.done, swept.failed), (0, 1), "and shows in the chore's report");
    let after = house.invoice(&invoice).await;
    assert_eq!(after.state.name(), "issuing");
    assert!(after.poll_at > issuing.poll_at, "asked again, further apart");
}

/// Covers: IC-183
#[tokio::test]
async fn an_unknown_outcome_is_asked_for_under_the_same_number() {
    for (fault, sent) in [(Fault::ResponseLost, 1), (Fault::RequestLost, 0)] {
        let house = House::new();
        let paid = house.paid(person(1), 1).await;
        let invoice = house.apply(person(1), &paid, "key").await.unwrap();
        house.office.faults().fail(0, fault);
        let issuing = house.approve(&invoice, "approve").await.unwrap();
        assert_eq!((issuing.state.name(), issuing.polls, house.office.accepted()), ("issuing", 1, sent));
        house.office.work();
        assert_eq!(process_due(&house.invoicing).await.unwrap().done, 0, "not before its time");
        house.settle_down().await;
        assert_eq!(house.invoice(&invoice).await.state.name(), "succeeded", "{fault:?}");
        assert_eq!(house.office.accepted(), 1, "{fault:?}: one request, however often it was sent");
        house.assert_promises("unknown").await;
    }
}

/// Covers: IC-180, IC-183
#[tokio::test]
async fn what_the_provider_refuses_has_failed_and_may_be_amended() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    house.office.set_refusing(true);
    house.approve(&invoice, "approve").await.unwrap();
    house.settle_down().await;
    let failed = house.invoice(&invoice).await;
    assert!(
        matches!(&failed.state, State::Failed { failure: FailureReason::Refused { cause }, .. } if cause == "no"),
        "{failed:?}"
    );
    house.office.set_refusing(false);
    let again = house.amend(&invoice, &super::house::special(), "amend").await.unwrap();
    let issued = house.issued(&again).await;
    assert_eq!(issued.state.name(), "succeeded");
    assert!(house.office.requests().contains_key(&format!("{}I02", invoice.no)), "under a number of its own");
    house.assert_promises("refused").await;
}

/// Covers: I22, I20
#[tokio::test]
async fn reversed_by_a_red_invoice_and_only_then_refunded() {
    let house = House::new();
    let paid = house.paid(person(1), 2).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let issued = house.issued(&invoice).await;
    assert_eq!(
        house.reverse(&issued, "", "no reason").await,
        Err(Failure::Invalid { field: "/why", code: "field-missing" })
    );
    let reversing = house.reverse(&issued, "订单退款", "reverse").await.unwrap();
    assert_eq!(
        (reversing.state.name(), reversing.state.customer_state()),
        ("reversing", Some(CustomerState::Succeeded))
    );
    let refund = || house.refund(&paid[0]);
    assert_eq!(refund().await, Err(Failure::Conflict { code: "order-invoiced" }), "not before it is done");
    house.office.work();
    house.notify(&reversing.request_no().unwrap()).await.unwrap();
    let reversed = house.invoice(&invoice).await;
    assert_eq!(reversed.state.customer_state(), Some(CustomerState::Reversed));
    house.assert_promises("reversed").await;
    refund().await.unwrap();
    house.apply(person(1), &paid[1..], "again").await.unwrap();
    house.assert_promises("and invoiced anew").await;
}

/// Covers: I22
#[tokio::test]
async fn a_reversal_the_provider_refuses_leaves_the_invoice_as_it_was() {
    let house = House::new();
    let paid = house.paid(person(1), 1).await;
    let invoice = house.apply(person(1), &paid, "key").await.unwrap();
    let issued = house.issued(&invoice).await;
    house.office.set_refusing(true);
    house.reverse(&issued, "订单退款", "reverse").await.unwrap();
    house.settle_down().await;
    let after = house.invoice(&invoice).await;
    assert_eq!((after.state.name(), after.state.issued()), ("succeeded", issued.state.issued()));
    assert!(matches!(after.state, State::Succeeded { reversal_refused: Some(_), .. }));
    house.office.set_refusing(false);
    house.reverse(&issued, "订单退款", "another try").await.unwrap();
    house.settle_down().await;
    assert_eq!(house.invoice(&invoice).await.state.name(), "reversed");
    house.assert_promises("reversed in the end").await;
}
