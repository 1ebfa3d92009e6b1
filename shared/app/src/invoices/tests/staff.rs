//! The decisions of staff, and the results of the provider.

use domain::invoice::{CustomerState, FailureReason, State};
use jiff::SignedDuration;

use super::test_app::{InvoiceTestApp, customer, staff};
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
async fn approved_invoice_is_issued_and_its_file_stored() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 2).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let store = &app.money_app.store.inner;
    let review = invoices::queue(store, Queue::Review, 50, None).await.unwrap().invoices;
    assert_eq!(review, std::slice::from_ref(&invoice));
    let early = invoices::link(&app.invoicing, invoice.owner, &invoice.no).await;
    assert_eq!(early, Err(Failure::Conflict { code: "invoice-not-issued" }));
    let issuing = app.approve(&invoice, "approve").await.unwrap();
    assert_eq!((issuing.state.name(), issuing.state.customer_state()), ("issuing", Some(CustomerState::Applying)));
    assert_eq!(app.provider.requests().len(), 1, "the request was sent at once");
    assert_eq!(invoices::queue(store, Queue::Review, 50, None).await.unwrap().invoices, []);
    let waiting = invoices::queue(store, Queue::Provider, 50, None).await.unwrap().invoices;
    assert_eq!(waiting, std::slice::from_ref(&issuing));
    app.provider.work();
    app.notify(&issuing.request_no().unwrap()).await.unwrap();
    let link = invoices::link(&app.invoicing, invoice.owner, &invoice.no).await.unwrap();
    assert!(link.url.ends_with(".pdf"), "{}", link.url);
    assert!(invoices::LINK_LIFE <= SignedDuration::from_mins(5));
    assert_eq!(app.invoice(&invoice).await.state.customer_state(), Some(CustomerState::Succeeded));
    app.assert_invariants("issued").await;
}

/// Covers: IC-183
#[tokio::test]
async fn staff_find_an_invoice_by_its_number_without_its_owner() {
    let app = InvoiceTestApp::new();
    let mut applied = Vec::new();
    for n in 1..4 {
        let paid = app.paid(customer(n), 1).await;
        applied.push(app.apply(customer(n), &paid, "key").await.unwrap());
    }
    for invoice in &applied {
        let issuing = app.approve(invoice, invoice.no.as_str()).await.unwrap();
        assert_eq!((issuing.owner, issuing.no), (invoice.owner, invoice.no.clone()));
    }
}

/// Covers: IC-183
#[tokio::test]
async fn reject_needs_a_reason_of_1_to_200_characters() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    for (reason, code) in [("", "field-missing"), ("  ", "field-missing"), (&*"字".repeat(201), "field-invalid")] {
        let refused = app.reject(&invoice, reason, reason).await;
        assert_eq!(refused, Err(Failure::Invalid { field: "/why", code }));
    }
    let rejected = app.reject(&invoice, "抬头与税号不符", "reject").await.unwrap();
    let State::Failed { failure: FailureReason::Rejected { reason, .. }, .. } = &rejected.state else {
        panic!("{rejected:?}")
    };
    assert_eq!(reason, "抬头与税号不符");
    assert_eq!(app.provider.faults().calls(), 0, "no request was sent");
}

/// Covers: IC-183, IC-203
#[tokio::test]
async fn decisions_are_audited_and_refused_for_the_own_application() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let own = AuditActor { id: customer(1).to_string(), ..staff() };
    let command = Command::new(&own.id, "decide-invoice", "own", &()).unwrap();
    let why = Reason::rule("in order");
    let decided = invoices::decide(&app.invoicing, &own, &invoice.no, Decision::Approve, &why, &command).await;
    assert_eq!(decided, Err(Failure::Conflict { code: "own-invoice" }));
    app.reject(&invoice, "抬头有误", "reject").await.unwrap();
    app.amend(&invoice, &super::test_app::special(), "amend").await.unwrap();
    let issued = app.issued(&invoice).await;
    app.reverse(&issued, "订单退款", "reverse").await.unwrap();
    let subject = audit::Filter::Subject(Subject::account(customer(1)));
    let lines = audit::read(&app.money_app.store.inner, &subject, None, 50).await.unwrap().entries;
    let told: Vec<_> =
        lines.iter().rev().map(|line| (line.what.as_str(), line.by.as_str(), line.why.as_str())).collect();
    let by = staff().id;
    assert_eq!(
        told,
        [
            ("invoice-reject", by.as_str(), "抬头有误"),
            ("invoice-approve", by.as_str(), "in order"),
            ("invoice-reverse", by.as_str(), "订单退款"),
        ]
    );
    let broken = audit::verify(&app.money_app.store.inner, &Subject::account(customer(1))).await.unwrap();
    assert_eq!(broken, None);
}

/// Covers: IC-183
#[tokio::test]
async fn application_is_decided_once_by_the_first_of_twenty_decisions() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let mut decided = 0;
    for n in 0..20 {
        let key = n.to_string();
        let outcome = if n % 2 == 0 {
            app.approve(&invoice, &key).await
        } else {
            app.reject(&invoice, "抬头有误", &key).await
        };
        decided += u32::from(outcome.is_ok());
    }
    assert_eq!((decided, app.provider.accepted()), (1, 1));
}

/// Covers: I18
#[tokio::test]
async fn repeated_callback_is_recorded_once() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let issued = app.issued(&invoice).await;
    for _ in 0..3 {
        app.notify(&format!("{}I01", invoice.no)).await.unwrap();
        process_due(&app.invoicing).await.unwrap();
    }
    assert_eq!(app.invoice(&invoice).await, issued);
    assert_eq!(app.provider.accepted(), 1);
}

/// Covers: I19
#[tokio::test]
async fn callback_with_an_invalid_signature_changes_nothing() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let issuing = app.approve(&invoice, "approve").await.unwrap();
    app.provider.work();
    let forged = RawCallback { headers: vec![], ..signed_invoice_callback(&issuing.request_no().unwrap()) };
    let refused = handle_callback(&app.invoicing, &forged).await;
    assert!(matches!(refused, Err(CallbackRejected::InvalidSignature(_))), "{refused:?}");
    assert_eq!(app.invoice(&invoice).await, issuing);
}

/// Covers: I21
#[tokio::test]
async fn document_with_another_amount_is_refused_as_a_mismatch() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let issuing = app.approve(&invoice, "approve").await.unwrap();
    let request_no = issuing.request_no().unwrap();
    app.provider.work();
    app.provider.falsify_amount(&request_no);
    let mismatch = Failure::Conflict { code: "invoice-mismatch" };
    assert_eq!(app.notify(&request_no).await, Err(CallbackRejected::Failed(mismatch)));
    app.money_app.advance(60);
    let swept = process_due(&app.invoicing).await.unwrap();
    assert_eq!((swept.done, swept.failed), (0, 1), "the due report counts the failure");
    let after = app.invoice(&invoice).await;
    assert_eq!(after.state.name(), "issuing");
    assert!(after.poll_at > issuing.poll_at, "the next poll follows later");
}

/// Covers: IC-183
#[tokio::test]
async fn unknown_outcome_is_resolved_by_polling_the_same_request_number() {
    for (fault, sent) in [(Fault::ResponseLost, 1), (Fault::RequestLost, 0)] {
        let app = InvoiceTestApp::new();
        let paid = app.paid(customer(1), 1).await;
        let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
        app.provider.faults().fail(0, fault);
        let issuing = app.approve(&invoice, "approve").await.unwrap();
        assert_eq!((issuing.state.name(), issuing.polls, app.provider.accepted()), ("issuing", 1, sent));
        app.provider.work();
        assert_eq!(process_due(&app.invoicing).await.unwrap().done, 0, "not due yet");
        app.run_until_settled().await;
        assert_eq!(app.invoice(&invoice).await.state.name(), "succeeded", "{fault:?}");
        assert_eq!(app.provider.accepted(), 1, "{fault:?}: one request, however often it was sent");
        app.assert_invariants("unknown").await;
    }
}

/// Covers: IC-180, IC-183
#[tokio::test]
async fn application_refused_by_the_provider_fails_and_can_be_amended() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    app.provider.set_refusing(true);
    app.approve(&invoice, "approve").await.unwrap();
    app.run_until_settled().await;
    let failed = app.invoice(&invoice).await;
    assert!(
        matches!(&failed.state, State::Failed { failure: FailureReason::Refused { cause }, .. } if cause == "no"),
        "{failed:?}"
    );
    app.provider.set_refusing(false);
    let again = app.amend(&invoice, &super::test_app::special(), "amend").await.unwrap();
    let issued = app.issued(&again).await;
    assert_eq!(issued.state.name(), "succeeded");
    assert!(app.provider.requests().contains_key(&format!("{}I02", invoice.no)), "with a new request number");
    app.assert_invariants("refused").await;
}

/// Covers: I22, I20
#[tokio::test]
async fn order_is_refunded_only_after_the_red_invoice_is_issued() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 2).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let issued = app.issued(&invoice).await;
    assert_eq!(
        app.reverse(&issued, "", "no reason").await,
        Err(Failure::Invalid { field: "/why", code: "field-missing" })
    );
    let reversing = app.reverse(&issued, "订单退款", "reverse").await.unwrap();
    assert_eq!(
        (reversing.state.name(), reversing.state.customer_state()),
        ("reversing", Some(CustomerState::Succeeded))
    );
    let refund = || app.refund(&paid[0]);
    assert_eq!(
        refund().await,
        Err(Failure::Conflict { code: "order-invoiced" }),
        "no e-mail before the reversal is done"
    );
    app.provider.work();
    app.notify(&reversing.request_no().unwrap()).await.unwrap();
    let reversed = app.invoice(&invoice).await;
    assert_eq!(reversed.state.customer_state(), Some(CustomerState::Reversed));
    app.assert_invariants("reversed").await;
    refund().await.unwrap();
    app.apply(customer(1), &paid[1..], "again").await.unwrap();
    app.assert_invariants("and invoiced anew").await;
}

/// Covers: I22
#[tokio::test]
async fn refused_reversal_leaves_the_invoice_issued() {
    let app = InvoiceTestApp::new();
    let paid = app.paid(customer(1), 1).await;
    let invoice = app.apply(customer(1), &paid, "key").await.unwrap();
    let issued = app.issued(&invoice).await;
    app.provider.set_refusing(true);
    app.reverse(&issued, "订单退款", "reverse").await.unwrap();
    app.run_until_settled().await;
    let after = app.invoice(&invoice).await;
    assert_eq!((after.state.name(), after.state.issued()), ("succeeded", issued.state.issued()));
    assert!(matches!(after.state, State::Succeeded { reversal_refused: Some(_), .. }));
    app.provider.set_refusing(false);
    app.reverse(&issued, "订单退款", "another try").await.unwrap();
    app.run_until_settled().await;
    assert_eq!(app.invoice(&invoice).await.state.name(), "reversed");
    app.assert_invariants("reversed in the end").await;
}
